import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { run } from '../an-sftp-server.ts';

test('a session runs on stdin and stdout as well, without SSH', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  const bytes = randomBytes(2_000_000);
  writeFileSync(join(directory, 'sent'), bytes);
  const server = `${process.execPath} ${fileURLToPath(new URL('stdio.ts', import.meta.url))} ${directory}`;
  const commands = [`put ${directory}/sent /stored`, `get /stored ${directory}/got`, 'ls -l /stored'];
  const { status, stdout } = await run('sftp', ['-D', server, '-b', '-'], `${commands.join('\n')}\n`);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^-rw-r--r-- .* 2000000 .*stored$/m);
  expect(readFileSync(join(directory, 'got')).equals(bytes)).toBe(true);
  rmSync(directory, { recursive: true });
});
