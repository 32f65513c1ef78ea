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
  completed_at: string;
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

/** A large file, some rows of which are decided when the server's process is stopped; gives the import's id. */
async function stoppedMidway(): Promise<string> {
  const path = join(site.directory, 'large.csv');
  writeTickets(path, ROWS, 'large');
  site.sftp(`put ${path} test/`);
  expect(await site.stopMidway()).toBeLessThan(ROWS);
  return imports()[0]?.id ?? '';
}

describe('beside a running import, an operator', () => {
  test('holds it and lets it go on', async () => {
    const id = await stoppedMidway();
    site.cli('imports', 'hold', id);
    const held = show(id);
    expect(held).toMatchObject({ state: 'held' });
    site.server?.goOn();
    await sleep(1_000); // a chunk that was about to be committed, and more, had it gone on
    expect(show(id)).toEqual(held);
    site.cli('imports', 'release', id);
    await eventually(() => show(id)?.state === 'completed', 60_000);
    expect(show(id)).toMatchObject({ rows: ROWS, created: ROWS });
    expect(brokenInvariants(site.data)).toEqual([]);
  }, 120_000);

  test('cancels it, and runs it again: every row becomes one policy in the end', async () => {
    const id = await stoppedMidway();
    site.cli('imports', 'cancel', id);
    site.server?.goOn();
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
    let id = await stoppedMidway();
    site.server?.goOn();
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

test('a file of two rows that is dropped beside large ones is done before them', async () => {
  const large = ['a', 'b', 'c', 'd'];
  for (const name of large) writeTickets(join(site.directory, `${name}.csv`), ROWS, name);
  const small = join(site.directory, 'small.csv');
  writeTickets(small, 2, 'small');
  site.sftp(large.map((name) => `put ${join(site.directory, name)}.csv test/`).join('\n'));
  await site.stopMidway();
  site.server?.goOn();
  site.sftp(`put ${small} test/`);
  await eventually(() => imports().every((one) => one.state === 'completed'), 60_000);
  const inOrder = imports().sort((one, other) => one.completed_at.localeCompare(other.completed_at));
  expect(inOrder[0]?.file).toBe('small.csv');
}, 120_000);
