import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const SCRIPT = fileURLToPath(new URL('a-chatty-process.ts', import.meta.url));

test('nobody waits for a reader of the log that has stopped, and lines that were left out are counted', async () => {
  const child = spawn(process.execPath, [SCRIPT], { stdio: 'pipe' });
  await once(child.stdout, 'data'); // the log is not read yet
  const reading = text(child.stderr);
  setTimeout(() => child.stdin.end(), 500);
  const lines = (await reading)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const left = lines.find(({ lines }) => lines !== undefined);
  expect(left?.msg).toContain('left out');
  expect(lines.at(-1)?.msg).toBe('the last line');
  expect(lines.length - 2 + left?.lines).toBe(30_000);
});
