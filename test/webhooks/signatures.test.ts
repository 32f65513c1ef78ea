import { createHmac, createPublicKey, randomBytes, verify } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { publicKeyOf } from '../../src/webhooks/secret.ts';
import { signedHeaders } from '../../src/webhooks/signatures.ts';
import { OTHER_SECRET, SECRET } from './events.ts';

const signed = (body: string, seconds = Math.floor(Date.now() / 1000)) =>
  signedHeaders({ id: 'evt_1', type: 'policy.created', seconds, body }, [SECRET]);

describe('a signed delivery', () => {
  test.each(['{}', '{"name":"Zoë 🎟"}'])('%j is verified by the Standard Webhooks library', (body) => {
    expect(() => new Webhook(SECRET).verify(body, signed(body))).not.toThrow();
  });

  test('is not verified when the body, the secret or the time is another', () => {
    const headers = signed('{"a":1}');
    expect(() => new Webhook(SECRET).verify('{"a":2}', headers)).toThrow('No matching signature');
    const other = `whsec_${randomBytes(32).toString('base64')}`;
    expect(() => new Webhook(other).verify('{"a":1}', headers)).toThrow('No matching signature');
    const old = signed('{"a":1}', Math.floor(Date.now() / 1000) - 600);
    expect(() => new Webhook(SECRET).verify('{"a":1}', old)).toThrow('too old');
    expect(() =>
      new Webhook(SECRET).verify('{"a":1}', {
        ...old,
        'webhook-timestamp': headers['webhook-timestamp'] ?? '',
      }),
    ).toThrow('No matching signature');
  });

  test('carries the header that the platform’s receivers know: SHA-1 over the body, keyed with the whole secret as text', () => {
    const body = '{"name":"Zoë"}';
    expect(signed(body)['X-KASKO-Signature']).toBe(
      `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`,
    );
    expect(signed('{"hello":"world"}', 0)['X-KASKO-Signature']).toBe(
      'sha1=c36d9dd7981a6f6ff5add3e838189109e0dccb97',
    );
  });

  test('has the same signatures for the same input, and another for every second', () => {
    expect(signed('{}', 1)).toEqual(signed('{}', 1));
    expect(signed('{}', 1)['webhook-signature']).not.toBe(signed('{}', 2)['webhook-signature']);
  });
});

const PRIVATE =
  'whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==';

describe('a delivery that several secrets sign', () => {
  const body = '{"a":1}';
  const signedByBoth = () =>
    signedHeaders({ id: 'evt_1', type: 'policy.created', seconds: Math.floor(Date.now() / 1000), body }, [
      SECRET,
      OTHER_SECRET,
    ]);

  test('is verified with each of them, and with no other', () => {
    for (const secret of [SECRET, OTHER_SECRET])
      expect(() => new Webhook(secret).verify(body, signedByBoth())).not.toThrow();
    const third = `whsec_${randomBytes(32).toString('base64')}`;
    expect(() => new Webhook(third).verify(body, signedByBoth())).toThrow('No matching signature');
  });

  test('has the newest first, and the oldest in the header that can hold only one', () => {
    const both = signedByBoth();
    const [first] = (both['webhook-signature'] ?? '').split(' ');
    const alone = signed(body, Number(both['webhook-timestamp']));
    expect(first).toBe(alone['webhook-signature']);
    expect(both['X-KASKO-Signature']).toBe(
      `sha1=${createHmac('sha1', OTHER_SECRET).update(body).digest('hex')}`,
    );
  });
});

describe('a delivery that is signed with a key pair as well', () => {
  const body = '{"name":"Zoë"}';
  const headers = signedHeaders(
    { id: 'evt_1', type: 'policy.created', seconds: Math.floor(Date.now() / 1000), body },
    [PRIVATE, SECRET],
  );
  const [v1a = ''] = (headers['webhook-signature'] ?? '').split(' ');

  function isVerified(text: string): boolean {
    const x = Buffer.from(publicKeyOf(PRIVATE).slice('whpk_'.length), 'base64').toString('base64url');
    const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
    const content = Buffer.from(`evt_1.${headers['webhook-timestamp']}.${text}`);
    return verify(null, content, key, Buffer.from(v1a.slice('v1a,'.length), 'base64'));
  }

  test('is verified with the public key alone', () => {
    expect(v1a).toMatch(/^v1a,/);
    expect(isVerified(body)).toBe(true);
    expect(isVerified(body.replace('Z', 'z'))).toBe(false);
  });

  test('has the signatures of the secret all the same', () => {
    expect(() => new Webhook(SECRET).verify(body, headers)).not.toThrow();
    expect(headers['X-KASKO-Signature']).toBe(
      `sha1=${createHmac('sha1', SECRET).update(body).digest('hex')}`,
    );
  });
});

test('both kinds of signatures are those of the reference implementation', () => {
  const signed = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    type: 'test',
    seconds: 1_614_265_330,
    body: '{"test": 2432232314}',
  };
  const headers = signedHeaders(signed, [PRIVATE, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw']);
  expect(headers['webhook-signature']).toBe(
    'v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg== v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});
