import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadHostKey } from '../../../src/sftp/transport/host-key.ts';
import { generateKeyPair, ssh2 } from '../../../src/sftp/transport/ssh2.ts';
import { run } from '../an-sftp-server.ts';

let directory: string;
const file = () => join(directory, 'ssh_host_ed25519_key');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

test('is made at the first start, for nobody else to read, and stays the same', async () => {
  const first = await loadHostKey(directory);
  expect(statSync(file()).mode & 0o777).toBe(0o600);
  expect(readdirSync(directory)).toEqual(['ssh_host_ed25519_key']);
  expect(await loadHostKey(directory)).toEqual(first);
});

test('is what ssh-keygen takes it for', async () => {
  const { publicKey, fingerprint } = await loadHostKey(directory);
  expect((await run('ssh-keygen', ['-lf', file()])).stdout).toContain(`256 ${fingerprint} `);
  expect((await run('ssh-keygen', ['-yf', file()])).stdout).toContain(publicKey);
});

test('takes no notice of what a crash left behind while it was being made', async () => {
  writeFileSync(`${file()}.new`, 'half a k', { mode: 0o600 });
  const made = await loadHostKey(directory);
  expect(await loadHostKey(directory)).toEqual(made);
});

test('that is damaged or none is an error that names the file, and is left as it is', async () => {
  const { public: publicKey } = generateKeyPair('');
  for (const text of ['', 'not a key', publicKey]) {
    writeFileSync(file(), text);
    await expect(loadHostKey(directory)).rejects.toThrow(file());
    expect(statSync(file()).size).toBe(text.length);
  }
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
