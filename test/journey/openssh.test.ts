import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EXAMPLE, eventually, Site } from './a-server.ts';

type ImportRecord = { file: string; state: string; rows: number; created: number; duplicates: number };

const site = new Site();
const example = readFileSync(EXAMPLE);

beforeAll(async () => {
  site.environment['POLICYDROP_SETTLE'] = '1s'; // the operations of a test come one after the other
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`, '--mode', 'test');
  await site.start();
});

afterAll(() => site.remove());

const imports = () => site.cli<ImportRecord>('imports', 'list');
const completed = (file: string) =>
  eventually(() => imports().find((one) => one.file === file && one.state === 'completed'));

test('put -p keeps the time, ls -l shows it, get brings the bytes back, rm removes before the import begins', async () => {
  const old = new Date(Date.UTC(2020, 1, 29, 12));
  const file = site.file('kept.csv', example);
  utimesSync(file, old, old);
  const { stdout, stderr, status } = site.sftp(
    `put -p ${file} test/kept.csv\nls -l test\nget -p test/kept.csv got.csv\nrm test/kept.csv\nls -1 test`,
  );
  expect([status, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/1872 Feb 29 {2}2020 .*kept\.csv/);
  expect(readFileSync(join(site.directory, 'got.csv'))).toEqual(example);
  expect(statSync(join(site.directory, 'got.csv')).mtimeMs).toBe(old.getTime());
  expect(imports()).toEqual([expect.objectContaining({ file: 'kept.csv', state: 'cancelled' })]);
});

test('a file that is renamed from a temporary name into a .csv name is imported once', async () => {
  const { status } = site.sftp(
    `put ${EXAMPLE} test/part.filepart\nrename test/part.filepart test/renamed.csv`,
  );
  expect(status).toBe(0);
  expect(await completed('renamed.csv')).toMatchObject({ rows: 2, created: 2 });
});

test('scp, which opens without TRUNC and sets the size, replaces a longer file by a shorter one', async () => {
  const long = site.file('long.csv', Buffer.concat([example, example]));
  expect(site.sftp(`put ${long} test/scp.csv`).status).toBe(0);
  const scp = spawnSync('scp', [...site.sshOptions(), EXAMPLE, 'partner@127.0.0.1:test/scp.csv'], {
    encoding: 'utf8',
  });
  expect([scp.status, scp.stderr]).toEqual([0, '']);
  expect(await completed('scp.csv')).toMatchObject({ rows: 2, duplicates: 2 });
});

test('reput goes on where an upload broke off', async () => {
  const file = site.file('half.csv', example.subarray(0, 1500));
  expect(site.sftp(`put ${file} test/resumed.csv`).status).toBe(0);
  await eventually(() => imports().some((one) => one.file === 'resumed.csv' && one.state === 'held'));
  expect(site.sftp(`reput ${site.file('half.csv', example)} test/resumed.csv`).status).toBe(0);
  expect(await completed('resumed.csv')).toMatchObject({ rows: 2, duplicates: 2 });
});

test.each([
  ['live without live access', `put ${EXAMPLE} live/`],
  ['a folder of their own', 'mkdir test/mine'],
  ['the root', `put ${EXAMPLE} /`],
  ['imports_processed', `put ${EXAMPLE} imports_processed/`],
  ['a processed file', 'rm imports_processed/renamed.csv'],
  ['a drag from test to live', `put ${EXAMPLE} test/drag.tmp\nrename test/drag.tmp live/drag.csv`],
])('partners are refused %s', (_what, commands) => {
  expect(site.sftp(commands).status).not.toBe(0);
});

test('names with blanks and letters of other languages come back as they were', async () => {
  const name = 'Bücher & Tickets 2026.csv';
  expect(site.sftp(`put ${EXAMPLE} "test/${name}"`).status).toBe(0);
  expect(await completed(name)).toMatchObject({ duplicates: 2 });
  await eventually(() => site.sftp('ls -1 imports_processed').stdout.includes(name));
});
