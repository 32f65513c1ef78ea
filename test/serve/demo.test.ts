import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { eventually } from '../journey/a-server.ts';

const BOOTSTRAP = fileURLToPath(new URL('../../bin/policydrop.mjs', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'policydrop-demo-'));
let demo: ChildProcess | undefined;

afterAll(async () => {
  await stop();
  rmSync(directory, { recursive: true, force: true });
});

/** `npm start` with free ports; resolves to all it printed once it invites to try. */
async function start(): Promise<string> {
  let shown = '';
  const ports = ['--sftp-port', '0', '--http-port', '0'];
  demo = spawn(process.execPath, [BOOTSTRAP, 'serve', '--demo', ...ports], {
    cwd: directory,
    env: { ...process.env, POLICYDROP_SETTLE: '300ms', POLICYDROP_GRACE: '300ms' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  demo.stdout?.on('data', (text) => {
    shown += text;
  });
  await eventually(() => shown.includes('ls -l imports_reports'));
  return shown;
}

async function stop(): Promise<void> {
  if (!demo || demo.exitCode !== null) return;
  const ended = new Promise((resolve) => demo?.once('exit', resolve));
  demo.kill('SIGTERM');
  await ended;
}

test('the demo drops the example, shows two policies and the webhooks, and its sftp command works as printed', async () => {
  const shown = await start();
  expect(shown.match(/tpol_[0-9a-f]{28}/g)).toHaveLength(2);
  expect(shown).toContain('2 × policy.created, 1 × import.completed  signatures verified');
  const command = /^ {2}(sftp .*)$/m.exec(shown)?.[1] ?? '';
  const { stdout, status } = spawnSync('sh', ['-c', command], {
    cwd: directory,
    input: 'ls -1 imports_processed\n',
    encoding: 'utf8',
  });
  expect(status).toBe(0);
  expect(stdout).toContain('tickets.csv');
});

test('a second start finds what the first one did, and goes on', async () => {
  await stop();
  const shown = await start();
  expect(shown).toContain('at an earlier start');
  expect(shown.match(/tpol_[0-9a-f]{28}/g)).toHaveLength(2);
});
