import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, Site } from './a-server.ts';
import { writeTickets } from './many-tickets.ts';

const ROWS = 110_000; // 40 MB
const SLOW = '48000'; // kbit/s: 6 MB/s, so that there is a middle to interrupt

type ImportRecord = {
  id: string;
  state: string;
  rows: number;
  created: number;
  duplicates: number;
  rejected: number;
};

const site = new Site();

beforeAll(async () => {
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  await site.start();
  writeTickets(join(site.directory, 'big.csv'), ROWS);
});

afterAll(() => site.remove());

test('Ctrl-C in the middle of a put makes no policy, and the whole file put again makes one for every key', async () => {
  const batch = site.file('slow-batch', `put ${join(site.directory, 'big.csv')} test/big.csv\n`);
  const client = spawn('sftp', ['-l', SLOW, '-b', batch, ...site.sshOptions(), 'partner@127.0.0.1'], {
    stdio: 'ignore',
  });
  await eventually(() => {
    const size = Number(/\s(\d+) \w{3} [ \d]\d .*big\.csv/.exec(site.sftp('ls -l test').stdout)?.[1] ?? 0);
    return size > 5_000_000;
  });
  client.kill('SIGINT'); // OpenSSH then sends an ordinary CLOSE
  await once(client, 'exit');

  const held = await eventually(() =>
    site.cli<ImportRecord>('imports', 'list').find((one) => one.state === 'held'),
  );
  expect(held).toMatchObject({ rows: 0, created: 0 });
  expect(site.cli('policies', 'list')).toEqual([]);

  expect(site.sftp(`put ${join(site.directory, 'big.csv')} test/`).status).toBe(0);
  const done = await eventually(
    () => site.cli<ImportRecord>('imports', 'list').find((one) => one.state === 'completed'),
    120_000,
  );
  expect(done).toMatchObject({ rows: ROWS, created: ROWS, duplicates: 0, rejected: 0 });
  expect(site.cli<ImportRecord>('imports', 'list')).toHaveLength(1);
}, 180_000);
