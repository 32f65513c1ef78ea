import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadHostKeys } from '../../../src/sftp/transport/host-key.ts';
import { generateKeyPair, ssh2 } from '../../../src/sftp/transport/ssh2/ssh2.ts';
import { run } from '../an-sftp-server.ts';

let directory: string;
const file = () => join(directory, 'ssh_host_ed25519_key');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

test('is made at the first start, for nobody else to read, and stays the same', async () => {
  const first = await loadHostKeys(directory);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['ssh_host_ed25519_key']);
  expect(await loadHostKeys(directory)).toEqual(first);
});

test('is what ssh-keygen takes it for', async () => {
  const [{ publicKey, fingerprint }] = await loadHostKeys(directory);
  expect((await run('ssh-keygen', ['-lf', file()])).stdout).toContain(`256 ${fingerprint} `);
  expect((await run('ssh-keygen', ['-yf', file()])).stdout).toContain(publicKey);
});

test('takes no notice of what a crash left behind while it was being made', async () => {
  writeFileSync(`${file()}.new`, 'half a k', { mode: 0o600 });
  const made = await loadHostKeys(directory);
  expect(await loadHostKeys(directory)).toEqual(made);
});

test('that is damaged or none is an error that names the file, and is left as it is', async () => {
  const { public: publicKey } = generateKeyPair('');
  for (const text of ['', 'not a key', publicKey]) {
    writeFileSync(file(), text);
    await expect(loadHostKeys(directory)).rejects.toThrow(file());
    expect(statSync(file()).size).toBe(text.length);
  }
});

describe('the next key', () => {
  const next = () => `${file()}.next`;

  test('is found beside the key in use, which stays', async () => {
    const [current] = await loadHostKeys(directory);
    expect((await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', next()])).status).toBe(0);
    const [first, second, ...more] = await loadHostKeys(directory);
    expect(first).toEqual(current);
    expect(readFileSync(`${next()}.pub`, 'utf8')).toContain(second?.publicKey);
    expect(more).toEqual([]);
  });

  test('is used when it has been renamed', async () => {
    await loadHostKeys(directory);
    writeFileSync(next(), generateKeyPair('').private);
    const [, second] = await loadHostKeys(directory);
    renameSync(next(), file());
    expect(await loadHostKeys(directory)).toEqual([second]);
  });

  test('that is the key in use is not announced twice', async () => {
    const keys = await loadHostKeys(directory);
    copyFileSync(file(), next());
    expect(await loadHostKeys(directory)).toEqual(keys);
  });

  test('alone is an error, for nobody would know a fresh key', async () => {
    writeFileSync(next(), generateKeyPair('').private);
    await expect(loadHostKeys(directory)).rejects.toThrow(`${file()} is missing`);
    expect(readdirSync(directory)).toEqual(['ssh_host_ed25519_key.next']);
  });

  test('of another type is refused: RSA would bring SHA-1, ECDSA a curve of NIST', async () => {
    await loadHostKeys(directory);
    await run('ssh-keygen', ['-q', '-t', 'rsa', '-N', '', '-f', next()]);
    await expect(loadHostKeys(directory)).rejects.toThrow(`${next()} is no private key of type ssh-ed25519`);
  });
});

test('every generated pair belongs together', async () => {
  for (let count = 0; count < 20; count++) {
    const pair = generateKeyPair('a comment');
    const path = join(directory, `key-${count}`);
    writeFileSync(path, pair.private, { mode: 0o600 });
    expect((await run('ssh-keygen', ['-yf', path])).stdout.trim()).toBe(pair.public);
  }
});

test('every generated key pair can be read', () => {
  for (let i = 0; i < 1_000; i++) {
    const pair = generateKeyPair('');
    expect(ssh2.utils.parseKey(pair.private)).not.toBeInstanceOf(Error);
  }
});
