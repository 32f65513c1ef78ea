import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { brokenInvariants } from '../../faults/invariants.ts';
import { killDuringImports } from '../../faults/kill-during-imports.ts';
import { connectSftp, type SftpClient } from '../../src/sftp/client.ts';
import { EXAMPLE, eventually, Site } from './a-server.ts';

test('kill -9 at random moments of an import loses and doubles nothing (npm run faults: twenty kills, 100 000 rows)', async () => {
  const lines: string[] = [];
  await killDuringImports({ kills: 4, rows: 40_000, random: Math.random, say: (line) => lines.push(line) });
  expect(lines).toHaveLength(5);
}, 300_000);

test('kill -9 right after a CLOSE that was answered OK, and in the middle of an upload, loses neither', async () => {
  const site = new Site();
  try {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    const first = await site.start();
    expect(site.sftp(`put ${EXAMPLE} test/closed.csv`).status).toBe(0);
    const big = site.file('big.csv', Buffer.alloc(30_000_000, 'x'));
    const batch = site.file('slow', `put ${big} test/open.csv\n`);
    const client = spawn('sftp', ['-l', '48000', '-b', batch, ...site.sshOptions(), 'partner@127.0.0.1'], {
      stdio: 'ignore',
    });
    await eventually(() => /\s\d{6,} .*open\.csv/.test(site.sftp('ls -l test').stdout));
    const clientExit = once(client, 'exit'); // it may be over before the server's end is noticed
    await first.stop('SIGKILL');
    await clientExit;
    await site.start();
    const state = (file: string) =>
      site.cli('imports', 'list').find((one) => one['file'] === file)?.['state'];
    await eventually(() => state('closed.csv') === 'completed');
    expect(state('open.csv')).toBe('incomplete');
    expect(site.sftp('ls -l test').stdout).toMatch(/\s\d{6,} .*open\.csv/);
    expect(brokenInvariants(site.data)).toEqual([]);
  } finally {
    await site.remove();
  }
}, 120_000);

test('kill -9 while small files come one after the other loses none whose CLOSE was answered OK', async () => {
  const site = new Site();
  try {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    const first = await site.start();
    const example = readFileSync(EXAMPLE);
    const privateKey = readFileSync(site.key, 'utf8');
    const login = { host: '127.0.0.1', port: first.sftpPort, username: 'partner', privateKey };
    const clients = await Promise.all([1, 2, 3].map(() => connectSftp(login)));
    const closed: string[] = [];
    const putOn = async (client: SftpClient, who: number): Promise<void> => {
      for (let n = 0; ; n++) {
        await client.put(example, `/test/${who}-${n}.csv`);
        closed.push(`${who}-${n}.csv`);
      }
    };
    for (const [who, client] of clients.entries()) putOn(client, who).catch(() => {}); // until the server is gone
    await eventually(() => closed.length > 30);
    await first.stop('SIGKILL');
    await site.start();
    const completed = () =>
      site.cli('imports', 'list', '--limit', '1000').filter((one) => one['state'] === 'completed');
    await eventually(async () => completed().length >= closed.length);
    expect(completed().map((one) => one['file'])).toEqual(expect.arrayContaining(closed));
    expect(new Set(completed().map((one) => one['rows'])).size).toBe(1); // every one is whole
    expect(brokenInvariants(site.data)).toEqual([]);
  } finally {
    await site.remove();
  }
}, 120_000);
