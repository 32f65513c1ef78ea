import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Spool } from '../../src/inbox/spool.ts';
import { takeFile } from '../../src/inbox/take-file.ts';
import { AnInbox, yes } from './an-inbox.ts';
import { filesKept } from './files-kept.ts';

let inbox: AnInbox;
let localPath: string;
beforeEach(async () => {
  inbox = await AnInbox.open();
  localPath = join(inbox.kept.directory, 'local.csv');
  await writeFile(localPath, 'a,b\n1,2\n');
});
afterEach(() => inbox.remove());

function take(name = 'tickets.csv', { spool = inbox.spool, modes = inbox.account.modes } = {}) {
  const parts = { store: inbox.store, spool, clock: () => inbox.now };
  return takeFile(parts, { account: { ...inbox.account, modes }, mode: 'live', name, localPath });
}

describe('a file of this machine', () => {
  test('is taken in as if it had been dropped, and due at once', async () => {
    const { import: id } = yes(await take());
    const claim = await inbox.store.claimImport(1000, inbox.now);
    expect(claim?.import).toMatchObject({ id, file: 'tickets.csv', mode: 'live', size: 8 });
    expect(await inbox.spooled(claim?.import.file_id ?? '')).toBe('a,b\n1,2\n');
    expect(await inbox.names('/live')).toEqual(['tickets.csv']);
  });

  test('may be handed in again while the first one is being imported', async () => {
    const first = yes(await take());
    await inbox.take();
    const second = yes(await take());
    expect(second.import).not.toBe(first.import);
    expect(await inbox.imports()).toEqual(['tickets.csv: processing', 'tickets.csv: queued']);
  });

  test('does not take the place of an upload of that name', async () => {
    await inbox.put('/live/tickets.csv', 'of the partner');
    expect(await take()).toMatchObject({ code: 'already_exists' });
    expect(await inbox.get('/live/tickets.csv')).toBe('of the partner');
    expect(await inbox.names('/live')).toEqual(['tickets.csv']);
    expect(await filesKept(inbox)).toBe(1);
  });

  test.each([
    ['notes.txt', 'never be imported'],
    ['.tickets.csv', 'never be imported'],
    ['a\n.csv', 'cannot be printed'],
  ])('called %j is refused', async (name, why) => {
    expect(await take(name)).toMatchObject({ code: 'not_allowed', message: expect.stringContaining(why) });
    expect(await inbox.names('/live')).toEqual([]);
  });

  test('is refused when it is not there, is no file, or is for a mode that the account may not use', async () => {
    expect(await take('tickets.csv', { modes: ['test'] })).toMatchObject({ code: 'not_allowed' });
    localPath = join(inbox.kept.directory, 'absent.csv');
    expect(await take()).toMatchObject({ code: 'no_such_file' });
    await mkdir(localPath);
    expect(await take()).toMatchObject({ code: 'not_allowed' });
    expect(await inbox.imports()).toEqual([]);
  });
});

describe('a full disk', () => {
  test('refuses the file and leaves nothing of it', async () => {
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const spool: Spool = { ...inbox.spool, take: () => Promise.reject(full) };
    expect(await take('tickets.csv', { spool })).toMatchObject({ code: 'failed' });
    expect(await inbox.names('/live')).toEqual([]);
    expect(await inbox.imports()).toEqual([]);
  });
});

describe('a crash', () => {
  test('while the bytes come leaves no import, and the file can be handed in again', async () => {
    let begun = () => {};
    const copying = new Promise<void>((resolve) => (begun = resolve));
    const stuck: Spool = {
      ...inbox.spool,
      take: () => {
        begun();
        return new Promise(() => {});
      },
    };
    void take('tickets.csv', { spool: stuck });
    await copying;
    await inbox.crash();
    expect(await inbox.imports()).toEqual([]);
    inbox.now += 1;
    yes(await take());
    expect(await inbox.imports()).toEqual(['tickets.csv: queued']);
  });
});
