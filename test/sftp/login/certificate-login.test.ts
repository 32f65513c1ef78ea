import { sign } from 'node:crypto';
import type { AuthContext } from 'ssh2';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { SshKey } from '../../../src/domain/account.ts';
import { sshStrings } from '../../../src/domain/ssh-wire.ts';
import { authenticator } from '../../../src/sftp/login/authentication.ts';
import { keptLog } from '../a-log.ts';
import { accountNamed, makeKey, publicKey, type SftpSite, startSite } from '../an-sftp-server.ts';
import { craft, ed25519Pair, fieldsOf, issue, type Pair } from './a-certificate.ts';

let site: SftpSite;
let ca: string;

beforeAll(async () => {
  site = await startSite();
  ca = makeKey(site.directory, 'ed25519');
  trust(publicKey(ca));
});

afterAll(() => site.remove());

afterEach(() => {
  site.log.lines.length = 0;
});

function trust(key: SshKey): void {
  const keys = [{ ...key, principals: ['partner'] }];
  site.accounts.set('partner', { account: accountNamed('partner'), keys });
}

const refusals = () => site.log.lines.filter(({ message }) => message === 'refused a login');

/** OpenSSH's client with a certificate and the key that it is for. */
function login(identity: string, certificate: string, options: readonly string[] = []) {
  return site.sftp(['pwd'], { identity, options: ['-o', `CertificateFile=${certificate}`, ...options] });
}

test.each([
  ['ed25519', undefined, 'ssh-ed25519-cert-v01@openssh.com'],
  ['ecdsa', 256, 'ecdsa-sha2-nistp256-cert-v01@openssh.com'],
  ['ecdsa', 384, 'ecdsa-sha2-nistp384-cert-v01@openssh.com'],
  ['ecdsa', 521, 'ecdsa-sha2-nistp521-cert-v01@openssh.com'],
  ['rsa', 3072, 'rsa-sha2-512-cert-v01@openssh.com'],
])('OpenSSH logs in with a certified %s key (%s bits) as %s', async (type, bits, algorithm) => {
  const key = makeKey(site.directory, type, bits);
  const { status, stderr } = await login(key, issue(ca, key, ['-n', 'partner', '-z', '12']));
  expect([status, stderr]).toEqual([0, '']);
  expect(site.log.lines.at(-1)).toEqual({
    level: 'info',
    message: 'logged in',
    fields: {
      ...{
        user: 'partner',
        source: '127.0.0.1',
        type: algorithm,
        certificate: 'a laptop, serial 12',
      },
      ...{ key: publicKey(key).fingerprint, authority: publicKey(ca).fingerprint },
    },
  });
});

test('refused certificates get the answer of every other refusal, and the log says why', async () => {
  const key = makeKey(site.directory, 'ed25519');
  const cases = [
    [issue(makeKey(site.directory, 'ed25519'), key), 'which is no authority of the account'],
    [issue(ca, key, ['-n', 'somebody']), 'the certificate is for somebody'],
    [issue(ca, key, ['-n', 'partner', '-V', '20200101:20210101']), 'has expired at 202'],
    [issue(ca, key, ['-n', 'partner', '-O', 'source-address=10.0.0.0/8']), '10.0.0.0/8 only'],
    [issue(ca, key, ['-n', 'partner', '-O', 'force-command=internal-sftp']), 'force-command'],
  ] as const;
  const answers = new Set<string>();
  for (const [certificate, reason] of cases) {
    // The certificate alone, not the key by itself, which would be another attempt.
    const only = ['-o', 'PubkeyAcceptedAlgorithms=ssh-ed25519-cert-v01@openssh.com'];
    const { status, stderr } = await login(key, certificate, only);
    expect(status).toBe(255);
    answers.add(stderr);
    expect(refusals().at(-1)?.fields['reason']).toContain(reason);
  }
  expect([...answers]).toEqual([
    expect.stringContaining('partner@127.0.0.1: Permission denied (publickey).'),
  ]);
});

test("an authority's own key does not log in", async () => {
  expect((await site.sftp(['pwd'], { identity: ca })).status).toBe(255);
  expect(refusals()[0]?.fields['reason']).toContain('is an authority for certificates');
});

test('a revoked key logs in neither by itself nor with a certificate', async () => {
  const key = makeKey(site.directory, 'ed25519');
  const partner = site.accounts.get('partner');
  if (!partner) throw new Error('no partner');
  const revocations = [{ revoked: publicKey(key).fingerprint, created_at: 0 }];
  site.accounts.set('partner', { ...partner, keys: [...partner.keys, publicKey(key)], revocations });
  expect((await login(key, issue(ca, key))).status).toBe(255);
  expect(refusals().map(({ fields }) => fields['reason'])).toEqual([
    expect.stringContaining('the certified key is revoked'),
    expect.stringContaining('the key is revoked'),
  ]);
  trust(publicKey(ca));
});

/** What becomes of a request in the hands of the authenticator itself, as ssh2 hands one over. */
async function decided(request: {
  algorithm: string;
  blob: Buffer;
  signature?: Buffer;
  signed?: Buffer;
  trusted: Pair;
}) {
  const { algorithm, blob, signature, signed, trusted } = request;
  const log = keptLog();
  const key = { algo: algorithm, data: blob };
  const authority = { ...publicKey(ca), blob: trusted.blob, principals: ['partner'] };
  const lookup = async () => ({ account: accountNamed('partner'), keys: [authority], revocations: [] });
  const options = { lookup, source: '127.0.0.1', most: 6, log, clock: Date.now };
  let answer = '';
  const context = {
    ...{ method: 'publickey', username: 'partner', key, signature, blob: signed },
    accept: () => {
      answer = signature ? 'accepted' : `asked ${key.algo}`;
    },
    reject: () => {
      answer = String(log.lines.at(-1)?.fields['reason']);
    },
  };
  await authenticator(options, { accepted: () => {}, refused: () => {}, giveUp: () => {} })(
    context as unknown as AuthContext,
  );
  return answer;
}

test('the signature of the request must be by the certified key, under its own name', async () => {
  const trusted = ed25519Pair();
  const mine = ed25519Pair();
  const other = ed25519Pair();
  const blob = craft(trusted, { key: fieldsOf(mine) });
  const signed = Buffer.from('session and request');
  const algorithm = 'ssh-ed25519-cert-v01@openssh.com';
  const by = (pair: Pair, name = 'ssh-ed25519', data = signed) =>
    sshStrings(Buffer.from(name), sign(null, data, pair.privateKey));
  const ask = (signature?: Buffer, named = algorithm) =>
    decided({ algorithm: named, blob, signed, trusted, ...(signature && { signature }) });
  expect(await ask()).toBe(`asked ${algorithm}`);
  expect(await ask(by(mine))).toBe('accepted');
  const whole = by(mine);
  const wrong = await Promise.all([
    ...[by(other), by(trusted), by(mine, 'ssh-ed25519', Buffer.from('another session'))].map((one) =>
      ask(one),
    ),
    ...[by(mine, algorithm), by(mine, 'ssh-rsa'), by(mine, 'rsa-sha2-512')].map((one) => ask(one)),
    ...[
      Buffer.concat([whole, Buffer.of(0)]),
      Buffer.concat([whole, sshStrings(Buffer.of())]),
      sign(null, signed, mine.privateKey),
    ].map((one) => ask(one)),
    ...Array.from(whole, (_, length) => ask(whole.subarray(0, length))),
    ask(whole, 'ecdsa-sha2-nistp256-cert-v01@openssh.com'),
    ask(whole, 'rsa-sha2-512-cert-v01@openssh.com'),
    ask(whole, 'constructor-cert-v01@openssh.com'),
  ]);
  expect(new Set(wrong)).toEqual(
    new Set(['the signature is wrong; the client does not have the private key']),
  );
  expect(await ask(whole, 'ssh-rsa-cert-v01@openssh.com')).toContain('SHA-1');
});

test('a certificate that is cut off is refused, whether it is asked about or signed with', async () => {
  const trusted = ed25519Pair();
  const blob = craft(trusted);
  const algorithm = 'ssh-ed25519-cert-v01@openssh.com';
  const answers = await Promise.all(
    Array.from(blob, (_, length) => decided({ algorithm, blob: blob.subarray(0, length), trusted })),
  );
  expect(new Set(answers)).toEqual(new Set([expect.stringContaining('the certificate is damaged')]));
});

test('a certificate whose name is that of a key is an unknown key', async () => {
  const trusted = ed25519Pair();
  expect(await decided({ algorithm: 'ssh-ed25519', blob: craft(trusted), trusted })).toContain(
    'key is damaged',
  );
  expect(await decided({ algorithm: 'constructor', blob: craft(trusted), trusted })).toContain(
    'Keys of type constructor',
  );
});

test('of the type that a client names, the log keeps the beginning', async () => {
  const trusted = ed25519Pair();
  const reason = await decided({ algorithm: 'x'.repeat(20_000), blob: craft(trusted), trusted });
  expect(reason).toMatch(/^the key cannot log in here: Keys of type x{64} /);
});

test('without the authority, or after it is gone, a certificate is nothing', async () => {
  const key = makeKey(site.directory, 'ed25519');
  const certificate = issue(ca, key);
  expect((await login(key, certificate)).status).toBe(0);
  site.accounts.set('partner', { account: accountNamed('partner'), keys: [] });
  expect((await login(key, certificate)).status).toBe(255);
  trust(publicKey(ca));
});
