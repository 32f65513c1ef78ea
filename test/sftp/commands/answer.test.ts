// Sums of files on storage that is slow, or fails.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ok, refused } from '../../../src/domain/refusal.ts';
import type { Drop, ReadHandle } from '../../../src/inbox/drop.ts';
import { run, type SftpSite, startSite } from '../an-sftp-server.ts';
import { directoryDrop } from '../protocol/a-directory-drop.ts';

const IDLE = 1_000; // ms
const BLOCKS = 30;

let site: SftpSite;
let opened: number;
let closed: number;

const reads: Readonly<Record<string, ReadHandle['read']>> = {
  '/slow': async (offset, into) => {
    await sleep(50);
    into.fill('a', 0, 1_000);
    return ok(offset < BLOCKS * 1_000 ? 1_000 : 0);
  },
  '/endless': async () => {
    await sleep(5);
    return ok(1);
  },
  '/failing': async () => refused('failed', 'The disk has an error'),
  '/broken': async () => {
    throw new Error('EIO', { cause: new Error('sector 7') });
  },
};

async function openRead(path: string): ReturnType<Drop['openRead']> {
  const read = reads[path];
  if (!read) throw new Error('no database');
  opened++;
  return ok({
    attributes: async () => ({ kind: 'file', size: 0, mtime: 0 }),
    read,
    close: async () => void closed++,
  });
}

beforeAll(async () => {
  site = await startSite({ idle: IDLE }, undefined, () => ({ ...directoryDrop('/'), openRead }));
});
beforeEach(() => {
  opened = 0;
  closed = 0;
});
afterAll(() => site.remove());

const ssh = (command: string) => run('ssh', [...site.ssh(), 'partner@127.0.0.1', command]);

test('a sum may take longer than a connection may be idle', async () => {
  expect(await ssh('md5sum /slow')).toMatchObject({ status: 0 });
  expect([opened, closed]).toEqual([1, 1]);
});

test('what the storage refuses is told', async () => {
  const stderr = 'md5sum: /failing: The disk has an error\n';
  expect(await ssh('md5sum /failing')).toEqual({ status: 1, stdout: '', stderr });
  expect([opened, closed]).toEqual([1, 1]);
});

test.each([
  ['/broken', 1, { error: 'Error: EIO', cause: 'Error: sector 7' }],
  ['/unknown', 0, { error: 'Error: no database' }],
])('a fault of our own with %s is logged, and the client told where', async (path, files, fields) => {
  const { status, stdout, stderr } = await ssh(`sha1sum ${path}`);
  const line = site.log.lines.at(-1);
  expect(line).toMatchObject({ level: 'error', message: 'a sum could not be made', fields });
  const text = `The server could not do this; it has been logged as ${line?.fields['incident']}`;
  expect([status, stdout, stderr]).toEqual([1, '', `sha1sum: ${path}: ${text}\n`]);
  expect([opened, closed]).toEqual([files, files]);
});

test('a client that leaves ends its sum, and the file is closed', async () => {
  const client = spawn('ssh', [...site.ssh(), 'partner@127.0.0.1', 'md5sum /endless']);
  await expect.poll(() => opened).toBe(1);
  client.kill('SIGKILL');
  await once(client, 'close');
  await expect.poll(() => closed).toBe(1);
  expect(site.log.lines.at(-1)).toMatchObject({ level: 'info' });
});

test('a client that sends nothing to sum is idle', async () => {
  const client = spawn('ssh', [...site.ssh(), 'partner@127.0.0.1', 'md5sum']);
  const [status] = await once(client, 'close');
  expect(status).toBe(255);
  expect(site.log.lines.at(-1)).toMatchObject({ message: 'ended an idle connection' });
});
