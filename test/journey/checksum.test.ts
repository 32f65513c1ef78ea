// A client may ask for the sum of what it has sent at any time, wherever the file is by then.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, Site } from './a-server.ts';
import { writeTickets } from './many-tickets.ts';

const ROWS = 60_000; // enough that the import is seen at work

const site = new Site();
const file = join(site.directory, 'tickets.csv');

beforeAll(async () => {
  writeTickets(file, ROWS);
  site.environment['POLICYDROP_SETTLE'] = '2s';
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`, '--mode', 'test');
  await site.start();
});
afterAll(() => site.remove());

const state = () => site.cli<{ state: string }>('imports', 'list')[0]?.state;
const listed = (folder: string) => site.sftp(`ls ${folder}`).stdout.includes('tickets.csv');

function sumOf(path: string) {
  const args = [...site.sshOptions(), 'partner@127.0.0.1', `sha256sum ${path}`];
  const { status, stdout, stderr } = spawnSync('ssh', args, { encoding: 'utf8' });
  return { status, stdout, stderr };
}

test('the sum of an upload is the same while it settles, is imported, and has moved', async () => {
  const sum = createHash('sha256').update(readFileSync(file)).digest('hex');
  const uploaded = (path: string) => ({ status: 0, stdout: `${sum}  ${path}\n`, stderr: '' });

  expect(site.sftp(`put ${file} /test/tickets.csv`).status).toBe(0);
  expect(sumOf('/test/tickets.csv')).toEqual(uploaded('/test/tickets.csv'));
  expect(state()).toBe('settling');

  await eventually(() => state() === 'processing');
  expect(sumOf('/test/tickets.csv')).toEqual(uploaded('/test/tickets.csv'));

  await eventually(() => state() === 'completed' && listed('/imports_processed'));
  expect(listed('/test')).toBe(false);
  expect(sumOf('/test/tickets.csv')).toEqual(uploaded('/test/tickets.csv'));
  expect(sumOf('/imports_processed/tickets.csv')).toEqual(uploaded('/imports_processed/tickets.csv'));
});
