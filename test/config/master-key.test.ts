import { spawn } from 'node:child_process';
import { hkdfSync } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { deriveKey, loadMasterKey } from '../../src/config/master-key.ts';

const MODULE = new URL('../../src/config/master-key.ts', import.meta.url);

let directory: string;
const file = () => join(directory, 'master.key');

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

describe('the master key', () => {
  test('is made at first use, for nobody else to read, and stays the same', () => {
    const first = loadMasterKey(directory);
    expect(first).toHaveLength(32);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    expect(readdirSync(directory)).toEqual(['master.key']);
    expect(loadMasterKey(directory)).toEqual(first);
  });

  test('is another one in every directory', () => {
    const other = mkdtempSync(join(tmpdir(), 'policydrop-'));
    expect(loadMasterKey(other)).not.toEqual(loadMasterKey(directory));
    rmSync(other, { recursive: true });
  });

  test('is the same for all of several processes that need it first at once', async () => {
    const script = `import { loadMasterKey } from ${JSON.stringify(MODULE.href)};
      process.send('ready');
      process.once('message', () => {
        process.stdout.write(Buffer.from(loadMasterKey(${JSON.stringify(directory)})).toString('hex'));
        process.disconnect();
      });`;
    const processes = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
        stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      }),
    );
    await Promise.all(processes.map((one) => new Promise((resolve) => one.once('message', resolve))));
    const keys = processes.map(async ({ stdout }) =>
      Buffer.concat((await stdout?.toArray()) ?? []).toString(),
    );
    for (const one of processes) one.send('go');
    const expected = Buffer.from((await keys[0]) ?? '', 'hex');
    expect(new Set(await Promise.all(keys)).size).toBe(1);
    expect(loadMasterKey(directory)).toEqual(new Uint8Array(expected));
    expect(readdirSync(directory)).toEqual(['master.key']);
  });

  test('that is given takes the place of the file, and makes none', () => {
    const given = new Uint8Array(32).fill(7);
    expect(loadMasterKey(directory, given)).toBe(given);
    expect(readdirSync(directory)).toEqual([]);
  });

  test.each([0o640, 0o604, 0o620, 0o777])('that others have access to (%o) is refused', (mode) => {
    loadMasterKey(directory);
    chmodSync(file(), mode);
    expect(() => loadMasterKey(directory)).toThrow(`chmod 600 ${file()}`);
  });

  test.each(['', 'x', `${'A'.repeat(42)}==`, `${'A'.repeat(47)}=`, '\n'])(
    'that is none (%j) is an error that names the file, and is left as it is',
    (text) => {
      writeFileSync(file(), text, { mode: 0o600 });
      expect(() => loadMasterKey(directory)).toThrow(file());
      expect(readFileSync(file(), 'utf8')).toBe(text);
    },
  );

  test('takes no notice of what a crash left behind while it was being made', () => {
    writeFileSync(`${file()}.0123`, 'half a k', { mode: 0o600 });
    expect(loadMasterKey(directory)).toEqual(loadMasterKey(directory));
  });
});

test('a derived key is HKDF-SHA256, and another for every purpose', () => {
  const master = new Uint8Array(32).fill(1);
  const key = deriveKey(master, 'webhook-secrets');
  expect(key).toEqual(new Uint8Array(hkdfSync('sha256', master, '', 'policydrop webhook-secrets', 32)));
  expect(deriveKey(master, 'quote-tokens')).not.toEqual(key);
});
