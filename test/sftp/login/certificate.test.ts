import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Revoked, SshKey } from '../../../src/domain/account.ts';
import { parseCertificate } from '../../../src/domain/certificate.ts';
import { fingerprintOf } from '../../../src/domain/public-key.ts';
import { sshStrings } from '../../../src/domain/ssh-wire.ts';
import type { Access } from '../../../src/sftp/login/access.ts';
import { problemWithCertificate } from '../../../src/sftp/login/certificate.ts';
import { accountNamed, makeKey, publicKey } from '../an-sftp-server.ts';
import { blobIn, craft, ed25519Pair, fieldsOf, issue, parsed } from './a-certificate.ts';

const NOW = Date.parse('2027-06-15T12:00:00Z');
const SECONDS = BigInt(NOW / 1000);
const ca = ed25519Pair();

let directory: string;
let authority: string;
let key: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  authority = makeKey(directory, 'ed25519');
  key = makeKey(directory, 'ed25519');
});

afterAll(() => rmSync(directory, { recursive: true }));

/** An account that trusts the authority of `craft`, or another. */
function access(changes: Partial<SshKey> = {}, revoked: readonly Revoked[] = []): Access {
  const fingerprint = fingerprintOf(changes.blob ?? ca.blob);
  const trusted = { fingerprint, type: 'ssh-ed25519', blob: ca.blob, comment: '', from: [], created_at: 0 };
  return {
    account: accountNamed('partner'),
    keys: [{ ...trusted, principals: ['partner'], ...changes }],
    revocations: revoked.map((one) => ({ revoked: one, created_at: 0 })),
  };
}

const trusting = (file: string) => access({ ...publicKey(file), principals: ['partner'] });

function problem(blob: Buffer, granted = access(), source = '203.0.113.7', now = NOW): string | undefined {
  return problemWithCertificate(parsed(blob), granted, { source, now });
}

const text = (value: string) => sshStrings(Buffer.from(value));

describe('a certificate that ssh-keygen has issued', () => {
  test.each([
    ['ed25519', undefined],
    ['ecdsa', 256],
    ['ecdsa', 384],
    ['ecdsa', 521],
    ['rsa', 2048],
  ] as const)('for and by a key of type %s (%s bits) is good, and says what it was told', (type, bits) => {
    const by = makeKey(directory, type, bits);
    const mine = makeKey(directory, type, bits);
    const blob = blobIn(issue(by, mine, ['-n', 'other,partner', '-z', '18446744073709551615', '-V', '+1d']));
    const certificate = parsed(blob);
    expect(certificate).toMatchObject({
      ...{ type: publicKey(mine).type, serial: 2n ** 64n - 1n, forUsers: true, id: 'a laptop' },
      principals: ['other', 'partner'],
    });
    expect(fingerprintOf(certificate.key)).toBe(publicKey(mine).fingerprint);
    expect(problem(blob, trusting(by), '203.0.113.7', Date.now())).toBeUndefined();
    expect(problem(blob, trusting(key))).toContain(publicKey(by).fingerprint);
  });

  test('may be valid always', () => {
    expect(problem(blobIn(issue(authority, key)), trusting(authority))).toBeUndefined();
  });

  test.each([
    [['-n', 'other'], 'the certificate is for other, and partner is wanted'],
    [[], 'the certificate is for nobody, and partner is wanted'],
    [['-h', '-n', 'partner'], 'it is no certificate for users'],
    [['-n', 'partner', '-V', '20270616:20280101'], 'is not valid before 2027-06-'],
    [['-n', 'partner', '-V', '20260101:20270614'], 'has expired at 2027-06-1'],
    [['-n', 'partner', '-O', 'force-command=internal-sftp'], 'critical option force-command'],
    [['-n', 'partner', '-O', 'verify-required'], 'critical option verify-required'],
    [['-n', 'partner', '-O', 'critical:mine@example.com=1'], 'critical option mine@example.com'],
    [['-n', 'partner', '-O', 'source-address=10.0.0.0/8,192.0.2.1'], 'is for 10.0.0.0/8,192.0.2.1 only'],
  ])('with %j is refused', (options, reason) => {
    expect(problem(blobIn(issue(authority, key, options)), trusting(authority))).toContain(reason);
  });

  test.each([
    ['203.0.113.7', undefined],
    ['::ffff:203.0.113.7', undefined],
    ['192.0.2.1', undefined],
    ['192.0.2.2', 'only'],
    ['unknown', 'only'],
  ])('for some addresses is, from %s: %s', (source, reason) => {
    const blob = blobIn(
      issue(authority, key, ['-n', 'partner', '-O', 'source-address=203.0.113.0/24,192.0.2.1']),
    );
    const found = problem(blob, trusting(authority), source);
    if (reason === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(reason);
  });

  test('with extensions of its own is good: they are not critical', () => {
    const options = ['-n', 'partner', '-O', 'extension:mine@example.com=1', '-O', 'no-pty'];
    expect(problem(blobIn(issue(authority, key, options)), trusting(authority))).toBeUndefined();
  });

  test('by an RSA authority is good with SHA-2 and refused with SHA-1', () => {
    const rsa = makeKey(directory, 'rsa', 2048);
    for (const type of ['rsa-sha2-256', 'rsa-sha2-512']) {
      expect(problem(blobIn(issue(rsa, key, ['-n', 'partner', '-t', type])), trusting(rsa))).toBeUndefined();
    }
    const sha1 = blobIn(issue(rsa, key, ['-n', 'partner', '-t', 'ssh-rsa']));
    expect(problem(sha1, trusting(rsa))).toContain('SHA-1');
  });

  test('for a key of a type that is not taken, or of few bits, is refused', () => {
    const { n = '', e = '' } = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
      format: 'jwk',
    });
    const parts = [Buffer.from(e, 'base64url'), Buffer.concat([Buffer.of(0), Buffer.from(n, 'base64url')])];
    const short = craft(ca, { type: 'ssh-rsa-cert-v01@openssh.com', key: sshStrings(...parts) });
    expect(problem(short)).toContain('The RSA key has 1024 bits');
    expect(parseCertificate(craft(ca, { type: 'sk-ssh-ed25519-cert-v01@openssh.com' }))).toBeUndefined();
    expect(parseCertificate(craft(ca, { type: 'ssh-dss-cert-v01@openssh.com' }))).toBeUndefined();
  });
});

describe('who a certificate is for', () => {
  test.each([
    [['partner'], true],
    [['a', 'partner', 'b'], true],
    [[], false],
    [[''], false],
    [['*'], false],
    [['Partner'], false],
    [['partner\0'], false],
    [['partner,a'], false],
  ])('%j: %s', (principals, good) => {
    expect(problem(craft(ca, { principals })) === undefined).toBe(good);
  });

  test("the authority's principals count, not the account's name", () => {
    const blob = craft(ca, { principals: ['ops'] });
    expect(problem(blob, access({ principals: ['uploads', 'ops'] }))).toBeUndefined();
    expect(problem(craft(ca), access({ principals: ['uploads', 'ops'] }))).toContain(
      'uploads or ops is wanted',
    );
    expect(problem(craft(ca), access({ principals: [] }))).toBeDefined();
  });
});

describe('when a certificate is valid', () => {
  test.each([
    [0n, 2n ** 64n - 1n, true],
    [SECONDS, SECONDS + 1n, true],
    [SECONDS + 1n, SECONDS + 2n, false],
    [0n, SECONDS, false],
    [2n ** 64n - 1n, 2n ** 64n - 1n, false],
    [2n ** 63n, 2n ** 64n - 1n, false],
    [SECONDS + 10n, SECONDS - 10n, false],
    [0n, 0n, false],
  ])('from %s to %s: %s', (validAfter, validBefore, good) => {
    expect(problem(craft(ca, { validAfter, validBefore })) === undefined).toBe(good);
  });
});

describe('an authority', () => {
  test('that does not know the account, or is an ordinary key of it, lets nobody in', () => {
    expect(problem(craft(ed25519Pair()))).toContain(
      'which is no authority of the account; policydrop key add partner',
    );
    const { principals: _, ...ordinary } = access().keys[0] as SshKey;
    expect(problem(craft(ca), { ...access(), keys: [ordinary] })).toContain('no authority');
    expect(problem(craft(ca), { ...access(), keys: [] })).toContain('no authority');
  });

  test('that has signed something else is no authority for this', () => {
    const foreign = ed25519Pair();
    expect(problem(craft(foreign, { authority: ca.blob }))).toContain('forged or damaged');
  });

  test('that is a certificate itself is none', () => {
    const chained = { ...ca, blob: craft(ca) };
    expect(problem(craft(chained))).toContain('no authority');
    expect(problem(craft(chained), access({ blob: chained.blob }))).toContain('forged or damaged');
  });

  test('has an expiry and networks as every key has', () => {
    expect(problem(craft(ca), access({ expires_at: NOW + 1, from: ['203.0.113.0/24'] }))).toBeUndefined();
    expect(problem(craft(ca), access({ expires_at: NOW }))).toContain(
      "the authority's key has expired at 2027-06-15",
    );
    expect(problem(craft(ca), access({ from: ['10.0.0.0/8'] }))).toContain(
      "the authority's key is for 10.0.0.0/8 only",
    );
  });
});

describe('a revocation', () => {
  const mine = ed25519Pair();
  const blob = craft(ca, { key: fieldsOf(mine), serial: 17n });

  test.each([
    ['of the certified key', fingerprintOf(mine.blob), 'the certified key is revoked'],
    ['of the authority', fingerprintOf(ca.blob), "the authority's key is revoked"],
    ['of the serial', 'serial 17', 'the serial 17 is revoked'],
  ] as const)('%s refuses the certificate', (_, revoked, reason) => {
    expect(problem(blob, access({}, [revoked]))).toContain(reason);
  });

  test('of something else does not', () => {
    expect(
      problem(blob, access({}, [fingerprintOf(ed25519Pair().blob), 'serial 1', 'serial 170'])),
    ).toBeUndefined();
  });
});

describe('what cannot be read is no certificate:', () => {
  test('an option that is there twice', () => {
    const once = ['source-address', text('0.0.0.0/0')] as const;
    expect(problem(craft(ca, { critical: [once] }))).toBeUndefined();
    expect(parseCertificate(craft(ca, { critical: [once, once] }))).toBeUndefined();
  });

  test('bytes after its end', () => {
    expect(parseCertificate(craft(ca, { after: Buffer.of(0) }))).toBeUndefined();
  });

  test('options that end too early', () => {
    expect(parseCertificate(craft(ca, { extensions: text('permit-pty') }))).toBeUndefined();
  });

  test.each([
    Buffer.of(),
    Buffer.from('0.0.0.0/0'),
    text(''),
    text('0.0.0.0/0,'),
    text('0.0.0.0/0,example.com'),
    text('!10.0.0.1'),
    Buffer.concat([text('0.0.0.0/0'), text('0.0.0.0/0')]),
  ])('addresses that are none refuse it: %j', (data) => {
    expect(problem(craft(ca, { critical: [['source-address', data]] }))).toContain('only');
  });

  test.each([0, 3, 0xffffffff])('a kind %s is not for users', (kind) => {
    expect(problem(craft(ca, { kind }))).toContain('it is no certificate for users');
  });
});

describe('whatever is done to a certificate on its way', () => {
  const cases = () =>
    (['ed25519', 'ecdsa', 'rsa'] as const).map((type) => {
      const by = makeKey(directory, type, type === 'rsa' ? 2048 : undefined);
      return { blob: blobIn(issue(by, key, ['-n', 'partner', '-O', 'source-address=203.0.113.0/24'])), by };
    });

  test('cut off at any byte it is none', () => {
    for (const { blob } of cases()) {
      for (let length = 0; length < blob.length; length++) {
        expect(parseCertificate(blob.subarray(0, length))).toBeUndefined();
      }
    }
  });

  test('with any bit changed it lets nobody in, and nothing is thrown', () => {
    for (const { blob, by } of cases()) {
      const granted = trusting(by);
      expect(problem(blob, granted)).toBeUndefined();
      for (let bit = 0; bit < 8 * blob.length; bit++) {
        const changed = Buffer.from(blob);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const certificate = parseCertificate(changed);
        const origin = { source: '203.0.113.7', now: NOW };
        if (certificate && problemWithCertificate(certificate, granted, origin) === undefined) {
          expect.fail(`bit ${bit} of ${blob.toString('base64')}`);
        }
      }
    }
  });
});
