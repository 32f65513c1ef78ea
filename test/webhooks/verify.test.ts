import { describe, expect, test } from 'vitest';
import { newSecret, publicKeyOf } from '../../src/webhooks/secret.ts';
import { signedHeaders } from '../../src/webhooks/signatures.ts';
import { checksOf, type Headers, isGenuine } from '../../src/webhooks/verify.ts';
import { OTHER_SECRET, SECRET } from './events.ts';

const NOW = Date.UTC(2026, 10, 23, 9, 15);
const BODY = '{"name":"Zoë"}';

function sent(secrets: readonly string[] = [SECRET], seconds = NOW / 1000): Headers {
  const headers = signedHeaders({ id: 'evt_1', type: 'policy.created', seconds, body: BODY }, secrets);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

const check = (headers: Headers, secrets: readonly string[], body: string | Buffer = BODY) =>
  checksOf({ headers, body: Buffer.from(body) }, secrets, NOW);
const resultsOf = (...args: Parameters<typeof check>) => check(...args).map(({ result }) => result);

describe('a delivery', () => {
  test('is verified header by header', () => {
    const checks = check(sent(), [SECRET]);
    expect(checks).toEqual([
      { header: 'webhook-signature', result: 'verified', detail: 'v1, HMAC-SHA256 of id.timestamp.body' },
      { header: 'webhook-timestamp', result: 'verified', detail: '0 s ago' },
      { header: 'X-KASKO-Signature', result: 'verified', detail: 'HMAC-SHA1 of the body' },
    ]);
    expect(isGenuine(checks)).toBe(true);
  });

  test('of which any byte of the body is another fails both signatures', () => {
    const body = Buffer.from(BODY);
    for (let i = 0; i < body.length; i++) {
      const changed = Buffer.from(body.map((byte, at) => (at === i ? byte ^ 1 : byte)));
      const checks = check(sent(), [SECRET], changed);
      expect(checks.map(({ result }) => result)).toEqual(['wrong', 'verified', 'wrong']);
      expect(isGenuine(checks)).toBe(false);
    }
  });

  test.each([
    ['another secret', sent(), [OTHER_SECRET], ['wrong', 'verified', 'wrong']],
    ['no secret', sent(), [], ['unknown', 'verified', 'unknown']],
    ['no headers', {}, [SECRET], ['wrong', 'wrong', 'wrong']],
    ['another id', { ...sent(), 'webhook-id': 'evt_2' }, [SECRET], ['wrong', 'verified', 'verified']],
    [
      'a time of six minutes ago',
      sent([SECRET], NOW / 1000 - 360),
      [SECRET],
      ['verified', 'wrong', 'verified'],
    ],
    ['a time in six minutes', sent([SECRET], NOW / 1000 + 360), [SECRET], ['verified', 'wrong', 'verified']],
  ] as [string, Headers, string[], string[]][])(
    'with %s is not genuine',
    (_what, headers, secrets, results) => {
      expect(resultsOf(headers, secrets)).toEqual(results);
      expect(isGenuine(check(headers, secrets))).toBe(false);
    },
  );

  test('in the overlap of a rotation is verified with either secret, and the header that holds one with the older', () => {
    const headers = sent([SECRET, OTHER_SECRET]);
    expect(resultsOf(headers, [OTHER_SECRET])).toEqual(['verified', 'verified', 'verified']);
    expect(resultsOf(headers, [SECRET])).toEqual(['verified', 'verified', 'wrong']);
    expect(resultsOf(headers, [SECRET, OTHER_SECRET])).toEqual(['verified', 'verified', 'verified']);
  });

  test('is verified with a public key alone', () => {
    const key = newSecret('ed25519');
    const checks = check(sent([key, SECRET]), [publicKeyOf(key)]);
    expect(checks.map(({ result }) => result)).toEqual(['verified', 'verified', 'unknown']);
    expect(isGenuine(checks)).toBe(true);
    expect(resultsOf(sent([key, SECRET]), [publicKeyOf(newSecret('ed25519'))])[0]).toBe('wrong');
  });
});
