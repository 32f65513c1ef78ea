import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { BaseAgent, ParsedKey } from 'ssh2';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ssh2 } from '../../../src/sftp/transport/ssh2/ssh2.ts';
import { accountNamed, makeKey, publicKey, run, type SftpSite, startSite } from '../an-sftp-server.ts';

let site: SftpSite;

beforeAll(async () => {
  site = await startSite();
  const { keys } = site.accounts.get('partner') ?? { keys: [] };
  site.accounts.set('gone', { account: accountNamed('gone', true), keys });
});

afterAll(() => site.remove());

afterEach(() => {
  site.log.lines.length = 0;
});

const refusals = () => site.log.lines.filter(({ message }) => message === 'refused a login');

test('a login is logged with user, key and source', async () => {
  expect((await site.sftp(['pwd'])).status).toBe(0);
  const fields = {
    user: 'partner',
    source: '127.0.0.1',
    type: 'ssh-ed25519',
    key: publicKey(site.key).fingerprint,
  };
  expect(site.log.lines).toEqual([{ level: 'info', message: 'logged in', fields }]);
});

test('an unknown user, a disabled account and an unknown key get the same answer, and the log tells them apart', async () => {
  const identity = makeKey(site.directory, 'ecdsa', 256);
  const answers: string[] = [];
  for (const [user, key] of [
    ['nobody', site.key],
    ['gone', site.key],
    ['partner', identity],
  ] as const) {
    const { status, stderr } = await site.sftp(['pwd'], { user, identity: key });
    expect(status).toBe(255);
    answers.push(stderr.replaceAll(user, 'USER'));
  }
  expect(new Set(answers)).toEqual(new Set([expect.stringContaining('Permission denied (publickey)')]));
  expect(new Set(answers).size).toBe(1);
  expect(refusals().map(({ fields }) => fields)).toEqual([
    expect.objectContaining({ user: 'nobody', reason: expect.stringContaining('no such account') }),
    expect.objectContaining({ user: 'gone', reason: expect.stringContaining('disabled') }),
    expect.objectContaining({
      user: 'partner',
      type: 'ecdsa-sha2-nistp256',
      key: publicKey(identity).fingerprint,
      reason: expect.stringContaining('policydrop key add'),
    }),
  ]);
});

test.each(['root', 'Admin', 'administrator', 'x', 'ab'])(
  'the name %j, which scanners try, is refused as any other, without a look at accounts',
  async (username) => {
    site.accounts.set(username, {
      account: accountNamed(username),
      keys: site.accounts.get('partner')?.keys ?? [],
    });
    expect(await attempt({ username, agent: agentOf([parsed(readFileSync(site.key, 'utf8'))]) })).toContain(
      'methods failed',
    );
    expect(refusals()).toMatchObject([{ fields: { reason: expect.stringContaining('scanners') } }]);
  },
);

test('passwords are not taken, and none of them is logged', async () => {
  const client = await attempt({ username: 'partner', password: 'hunter2' });
  expect(client).toContain('authentication methods failed');
  expect(refusals()).toMatchObject([{ fields: { reason: 'no password here; log in with an SSH key' } }]);
  expect(JSON.stringify(site.log.lines)).not.toContain('hunter2');
});

test('a known key with the signature of another does not log in', async () => {
  const known = parsed(readFileSync(`${site.key}.pub`, 'utf8'));
  const stranger = parsed(ssh2.utils.generateKeyPairSync('ed25519').private);
  expect(await attempt({ username: 'partner', agent: agentOf([known], stranger) })).toContain(
    'methods failed',
  );
  expect(refusals()).toMatchObject([{ fields: { reason: expect.stringContaining('signature is wrong') } }]);
});

test('a known key without a signature does not log in', async () => {
  const known = parsed(readFileSync(`${site.key}.pub`, 'utf8'));
  expect(await attempt({ username: 'partner', agent: agentOf([known]) })).not.toBe('ready');
  expect(site.log.lines.map(({ message }) => message)).not.toContain('logged in');
});

test('RSA signatures with SHA-1 are refused, and the log says why', async () => {
  const file = makeKey(site.directory, 'rsa', 2048);
  site.accounts.get('partner')?.keys.push(publicKey(file));
  const client = new ssh2.Client();
  const ended = new Promise((resolve) => client.on('error', resolve));
  client.connect({
    ...{ host: '127.0.0.1', port: site.port, username: 'partner' },
    privateKey: readFileSync(file),
  });
  // As a client that is too old to be told which signatures will do.
  const { _protocol } = client as unknown as { _protocol: { _handlers: Record<string, unknown> } };
  _protocol._handlers['EXT_INFO'] = () => {};
  await ended;
  expect(refusals()).toMatchObject([{ fields: { reason: expect.stringContaining('SHA-1') } }]);
});

test('an RSA key is answered for under the name of the signature, which current OpenSSH insists on', async () => {
  const file = makeKey(site.directory, 'rsa', 3072);
  site.accounts.get('partner')?.keys.push(publicKey(file));
  const client = new ssh2.Client();
  const answered = new Promise<string>((resolve, reject) => {
    client.on('error', reject);
    client.connect({
      ...{ host: '127.0.0.1', port: site.port, username: 'partner' },
      agent: agentOf([parsed(readFileSync(file, 'utf8'))]),
    });
    // ssh2's client does not tell what the server answered; this is where it reads it.
    const { _protocol } = client as unknown as { _protocol: { _handlers: Record<string, unknown> } };
    _protocol._handlers['USERAUTH_PK_OK'] = (_protocol: unknown, name: string) => resolve(name);
  });
  expect(await answered).toMatch(/^rsa-sha2-(256|512)$/);
  client.destroy();
});

test('five wrong keys of an agent may come before the right one, a sixth ends the connection', async () => {
  const wrong = Array.from({ length: 6 }, () => parsed(ssh2.utils.generateKeyPairSync('ed25519').private));
  const right = parsed(readFileSync(site.key, 'utf8'));
  expect(await attempt({ username: 'partner', agent: agentOf([...wrong.slice(1), right]) })).toBe('ready');
  expect(await attempt({ username: 'partner', agent: agentOf([...wrong, right]) })).not.toBe('ready');
  expect(refusals()).toHaveLength(5 + 6);
  const ended = site.log.lines.filter(({ message }) => message === 'a client was refused too often');
  expect(ended).toMatchObject([
    { fields: { user: 'partner', advice: expect.stringContaining('IdentitiesOnly') } },
  ]);
});

test('a client that goes before its refusal does no harm', async () => {
  const client = new ssh2.Client();
  const asked = new Promise<void>((resolve) => {
    client.on('handshake', () => setTimeout(resolve, 50));
  });
  client.on('error', () => {});
  client.connect({
    host: '127.0.0.1',
    port: site.port,
    username: 'nobody',
    privateKey: readFileSync(site.key),
  });
  await asked;
  client.destroy();
  expect((await site.sftp(['pwd'])).status).toBe(0);
  expect(site.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('keys that are no keys are refused as any other', async () => {
  const { publicKey: spki } = generateKeyPairSync('ed25519');
  const bytes = spki.export({ type: 'spki', format: 'der' });
  for (const blob of [
    Buffer.alloc(0),
    Buffer.alloc(4, 0xff),
    bytes,
    Buffer.concat([bytes, Buffer.alloc(10_000)]),
  ]) {
    const known = parsed(readFileSync(`${site.key}.pub`, 'utf8'));
    const odd = Object.assign(Object.create(known) as ParsedKey, { getPublicSSH: () => blob });
    expect(await attempt({ username: 'partner', agent: agentOf([odd], known) })).not.toBe('ready');
  }
  expect(site.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('a name of many characters is cut in the log', async () => {
  await attempt({ username: 'x'.repeat(20_000), password: '' });
  expect(String(refusals()[0]?.fields['user'])).toHaveLength(64);
});

test.each([
  ['ecdsa', 256],
  ['ecdsa', 384],
  ['ecdsa', 521],
  ['rsa', 2048],
])('a key of type %s with %s bits logs in', async (type, bits) => {
  const identity = makeKey(site.directory, type, bits);
  site.accounts.set('other', { account: accountNamed('other'), keys: [publicKey(identity)] });
  expect((await site.sftp(['pwd'], { identity, user: 'other' })).status).toBe(0);
});

test('the account is looked up for every login: a key that was removed does not log in', async () => {
  const identity = makeKey(site.directory, 'ecdsa', 384);
  const keys = site.accounts.get('partner')?.keys ?? [];
  keys.push(publicKey(identity));
  expect((await site.sftp(['pwd'], { identity })).status).toBe(0);
  keys.pop();
  expect((await site.sftp(['pwd'], { identity })).status).toBe(255);
});

test('an expired key and one that comes from elsewhere are refused as unknown ones are, and the log says why', async () => {
  const key = publicKey(site.key);
  const cases = [
    [
      'expired',
      { expires_at: Date.now() },
      /^the key has expired at 20\S+Z; policydrop key add expired FILE --expires/,
    ],
    [
      'elsewhere',
      { from: ['10.0.0.0/8', '::1/128'] },
      /^the key is for 10\.0\.0\.0\/8, ::1\/128 only; policydrop key add elsewhere FILE --from/,
    ],
    [
      'unknown',
      { blob: Buffer.alloc(51) },
      /^the account does not have this key; policydrop key add unknown FILE/,
    ],
  ] as const;
  const answers: string[] = [];
  for (const [user, changes] of cases) {
    site.accounts.set(user, { account: accountNamed(user), keys: [{ ...key, ...changes }] });
    const { status, stderr } = await site.sftp(['pwd'], { user });
    expect(status).toBe(255);
    answers.push(stderr.replaceAll(user, 'USER'));
  }
  expect(new Set(answers).size).toBe(1);
  expect(refusals().map(({ fields }) => fields)).toEqual(
    cases.map(([user, , reason]) =>
      expect.objectContaining({ user, key: key.fingerprint, reason: expect.stringMatching(reason) }),
    ),
  );
});

test('a key that is still good and comes from where it may logs in', async () => {
  const limits = { expires_at: Date.now() + 60_000, from: ['10.0.0.0/8', '127.0.0.0/8'] };
  site.accounts.set('limited', {
    account: accountNamed('limited'),
    keys: [{ ...publicKey(site.key), ...limits }],
  });
  expect((await site.sftp(['pwd'], { user: 'limited' })).status).toBe(0);
});

test('there is nothing before the login', async () => {
  const { stderr } = await run('ssh', [...site.ssh('/nonexistent'), 'partner@127.0.0.1', '-s', 'sftp']);
  expect(stderr).toContain('Permission denied (publickey)');
});

type Login = { username: string; password?: string; agent?: BaseAgent };

/** What becomes of a login with ssh2's client, which does as it is told: `ready`, or the problem. */
function attempt(login: Login): Promise<string> {
  const client = new ssh2.Client();
  return new Promise<string>((resolve) => {
    client.on('ready', () => resolve('ready'));
    client.on('error', ({ message }) => resolve(message));
    client.on('close', () => resolve('closed'));
    client.connect({ host: '127.0.0.1', port: site.port, ...login });
  }).finally(() => client.destroy());
}

/** An agent that offers keys and signs with each of them, or with `signer`. */
function agentOf(keys: readonly ParsedKey[], signer?: ParsedKey): BaseAgent {
  return new (class extends ssh2.BaseAgent {
    override getIdentities(callback: (error: Error | undefined, keys: ParsedKey[]) => void): void {
      callback(undefined, [...keys]);
    }
    override sign(key: ParsedKey, data: Buffer, ...rest: unknown[]): void {
      const callback = rest.find((one) => typeof one === 'function') as (
        error: Error | null,
        signed?: Buffer,
      ) => void;
      const by = signer ?? key;
      if (by.isPrivateKey()) callback(null, by.sign(data));
      else callback(null, Buffer.alloc(0));
    }
  })();
}

function parsed(text: string): ParsedKey {
  const key = ssh2.utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}
