import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, type RunningServer, Site } from '../journey/a-server.ts';

const site = new Site();
let server: RunningServer;

beforeAll(async () => {
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  server = await site.start();
});

afterAll(() => site.remove());

const get = (path: string) => fetch(`http://127.0.0.1:${server.httpPort}${path}`);

describe('a running server', () => {
  test('lives, and is ready when the store answers and SFTP listens', async () => {
    expect((await get('/healthz')).status).toBe(200);
    expect((await get('/readyz')).status).toBe(200);
    expect(await (await get('/metrics')).text()).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  test('is the only one on its directory', () => {
    const { status, stderr } = site.cliResult('serve', '--sftp-port', '0', '--http-port', '0');
    expect(status).toBe(1);
    expect(stderr).toContain('Another policydrop server is running');
  });

  test('keeps what is secret from other users of the machine', () => {
    expect(statSync(site.data).mode & 0o077).toBe(0);
    expect(statSync(join(site.data, 'ssh_host_ed25519_key')).mode & 0o077).toBe(0);
  });

  test('another one is told which port is taken', () => {
    const other = new Site();
    try {
      const { status, stderr } = other.cliResult(
        'serve',
        '--sftp-port',
        String(server.sftpPort),
        '--http-port',
        '0',
      );
      expect(status).toBe(1);
      expect(stderr).toContain(String(server.sftpPort));
      expect(stderr).toContain('--sftp-port');
    } finally {
      void other.remove();
    }
  });

  test('refuses users and keys it does not know, and logs why', async () => {
    const stranger = new Site();
    stranger.server = server;
    expect(stranger.sftp('ls').status).not.toBe(0);
    const unknown = spawnSync('sftp', ['-b', '/dev/null', ...site.sshOptions(), 'nobody@127.0.0.1']);
    expect(unknown.status).not.toBe(0);
    const log = await eventually(() => server.log.join('').includes('nobody') && server.log.join(''));
    expect(log).not.toContain('    at ');
    stranger.server = undefined;
    await stranger.remove();
  });

  test('keeps its host key over a restart and ends with 0 at SIGTERM', async () => {
    const before = readFileSync(join(site.data, 'ssh_host_ed25519_key'), 'utf8');
    expect(await server.stop()).toBe(0);
    server = await site.start();
    expect(readFileSync(join(site.data, 'ssh_host_ed25519_key'), 'utf8')).toBe(before);
  });
});
