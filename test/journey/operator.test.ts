import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { brokenInvariants } from '../../faults/invariants.ts';
import { eventually, Site } from './a-server.ts';
import { writeTickets } from './many-tickets.ts';

type ImportRecord = {
  id: string;
  file: string;
  state: string;
  rows: number;
  created: number;
  duplicates: number;
  rejected: number;
};

const ROWS = 60_000; // some seconds of work

let site: Site;
beforeEach(async () => {
  site = new Site();
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  await site.start();
});
afterEach(() => site.remove());

const imports = () => site.cli<ImportRecord>('imports', 'list');
const show = (id: string) => site.cli<ImportRecord>('imports', 'show', id)[0];

/** A large file that is being imported; gives its id. */
async function running(name = 'large.csv', rows = ROWS): Promise<string> {
  const path = join(site.directory, name);
  writeTickets(path, rows, name);
  site.sftp(`put ${path} test/`);
  await eventually(() => imports().some((one) => one.file === name && one.rows > 0));
  return imports().find((one) => one.file === name)?.id ?? '';
}

describe('beside a running import, an operator', () => {
  test('holds it and lets it go on', async () => {
    const id = await running();
    site.cli('imports', 'hold', id);
    await sleep(500); // a chunk that was being committed is done
    const held = show(id);
    expect(held).toMatchObject({ state: 'held' });
    await sleep(500);
    expect(show(id)?.rows).toBe(held?.rows);
    expect(held?.rows).toBeLessThan(ROWS);
    site.cli('imports', 'release', id);
    await eventually(() => show(id)?.state === 'completed', 60_000);
    expect(show(id)).toMatchObject({ rows: ROWS, created: ROWS });
    expect(brokenInvariants(site.data)).toEqual([]);
  }, 120_000);

  test('cancels it, and runs it again: every row becomes one policy in the end', async () => {
    const id = await running();
    site.cli('imports', 'cancel', id);
    await eventually(() => show(id)?.state === 'cancelled', 60_000);
    const { created = 0, rejected = 0 } = show(id) ?? {};
    expect(created).toBeLessThan(ROWS);
    expect(created + rejected).toBe(ROWS);
    const listed = () => site.sftp('ls imports_processed\nls imports_reports').stdout;
    await eventually(() => listed().includes('large.csv.rejected.csv'));
    const [again] = site.cli<ImportRecord>('imports', 'rerun', id);
    await eventually(() => show(again?.id ?? '')?.state === 'completed', 60_000);
    expect(show(again?.id ?? '')).toMatchObject({ created: rejected, duplicates: created });
    expect(listed()).toContain('imports_processed/large.csv ');
    expect(brokenInvariants(site.data)).toEqual([]);
  }, 120_000);

  test('may do anything at any moment, and the server may be killed between: nothing is lost or doubled', async () => {
    let id = await running();
    for (let step = 0; step < 8; step++) {
      await sleep(Math.random() * 400);
      const action = ['hold', 'release', 'cancel', 'rerun'][Math.floor(Math.random() * 4)] ?? '';
      const { stdout, status } = site.cliResult('--json', 'imports', action, id);
      if (status === 0) id = JSON.parse(stdout).id;
      if (step % 2 === 0) continue;
      await site.server?.stop('SIGKILL');
      expect(brokenInvariants(site.data)).toEqual([]);
      await site.start();
    }
    if (show(id)?.state === 'held') site.cli('imports', 'release', id);
    const hasEnded = () => ['completed', 'cancelled'].includes(show(id)?.state ?? '');
    await eventually(hasEnded, 60_000);
    if (show(id)?.state === 'cancelled')
      [{ id }] = site.cli<ImportRecord>('imports', 'rerun', id) as [ImportRecord];
    await eventually(hasEnded, 60_000);
    expect(imports().reduce((sum, one) => sum + one.created, 0)).toBe(ROWS);
    expect(brokenInvariants(site.data)).toEqual([]);
  }, 180_000);
});

test('a file of two rows that is dropped beside large ones is done long before them', async () => {
  for (const name of ['a.csv', 'b.csv', 'c.csv', 'd.csv'])
    writeTickets(join(site.directory, name), ROWS, name);
  site.sftp(['a', 'b', 'c', 'd'].map((name) => `put ${join(site.directory, name)}.csv test/`).join('\n'));
  await eventually(() => imports().some((one) => one.rows > 0));
  writeTickets(join(site.directory, 'small.csv'), 2, 'small');
  site.sftp(`put ${join(site.directory, 'small.csv')} test/`);
  const small = () => imports().find((one) => one.file === 'small.csv');
  await eventually(() => small()?.state === 'completed', 60_000);
  const others = imports().filter((one) => one.file !== 'small.csv');
  expect(others.filter((one) => one.state === 'completed').length).toBeLessThan(others.length);
}, 120_000);
