// Small files that begin anew: in memory until their CLOSE, then in the store with their record.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MOST_OF_ONE } from '../../src/inbox/drafts.ts';
import type { WriteHandle } from '../../src/inbox/drop.ts';
import { AnInbox, PUT, REPUT, RESUME, SCP, yes } from './an-inbox.ts';
import { filesKept } from './files-kept.ts';

let inbox: AnInbox;
beforeEach(async () => {
  inbox = await AnInbox.open();
});
afterEach(() => inbox.remove());

const TICKETS = '/test/tickets.csv';
const spooled = () => readdir(join(inbox.kept.directory, 'spool'));

/** What the store knows, which other processes see. */
const recorded = async () => {
  const all = await inbox.store.imports({ limit: 100, now: inbox.now });
  return all.map(({ file, state }) => `${file}: ${state}`);
};

async function written(text: string, path = TICKETS): Promise<WriteHandle> {
  const handle = await inbox.open(path);
  yes(await handle.write(0, Buffer.from(text)));
  return handle;
}

describe('a small file', () => {
  test('is in the store, bytes and record, when its CLOSE has been answered', async () => {
    const handle = await written('a,b\n');
    yes(await handle.write(4, Buffer.from('1,'), Buffer.from('2\n')));
    yes(await handle.close());
    expect(await recorded()).toEqual(['tickets.csv: settling']);
    expect(await spooled()).toEqual([]);
    await inbox.crash();
    expect(await inbox.get(TICKETS)).toBe('a,b\n1,2\n');
    const { import: one } = await inbox.take();
    expect([one.size, await inbox.spooled(one.file_id)]).toEqual([8, 'a,b\n1,2\n']);
  });

  test('is found in imports_processed under its name, byte for byte', async () => {
    await inbox.put(TICKETS, 'a,b\n1,2\n');
    await inbox.processAndMove();
    expect(await inbox.get('/imports_processed/tickets.csv')).toBe('a,b\n1,2\n');
  });

  test('that is written over while it waits stays one import', async () => {
    await inbox.put(TICKETS, 'first and long');
    await inbox.put(TICKETS, 'second');
    expect(await recorded()).toEqual(['tickets.csv: settling']);
    expect(await inbox.spooled((await inbox.take()).import.file_id)).toBe('second');
    expect(await filesKept(inbox)).toBe(1);
  });

  test('keeps what the client says of its size and time', async () => {
    const handle = yes(await inbox.drop.openWrite(TICKETS, { ...PUT, declared: 10 }));
    yes(await handle.write(0, Buffer.from('half')));
    yes(await handle.change({ mtime: 1_000_000 }));
    expect(await handle.attributes()).toEqual({ kind: 'file', size: 4, mtime: 1_000_000 });
    yes(await handle.close());
    expect(yes(await inbox.drop.stat(TICKETS))).toEqual({ kind: 'file', size: 4, mtime: 1_000_000 });
    expect((await inbox.take()).expected).toBe(10);
  });

  test('moves to the spool when it is written to again', async () => {
    await inbox.put(TICKETS, 'half of');
    await inbox.put(TICKETS, ' a file', REPUT);
    expect(await spooled()).toHaveLength(1);
    expect(await filesKept(inbox)).toBe(1);
    expect(await inbox.spooled((await inbox.take()).import.file_id)).toBe('half of a file');
  });

  test('is whole after a crash in the middle of that move', async () => {
    await inbox.put(TICKETS, 'half of');
    await inbox.crash({
      store: (real) =>
        new Proxy(real, {
          get: (target, name) =>
            name === 'dropFileBytes'
              ? () => Promise.reject(new Error('power cut'))
              : Reflect.get(target, name),
        }),
    });
    await expect(inbox.drop.openWrite(TICKETS, REPUT)).rejects.toThrow('power cut');
    await inbox.crash();
    expect(await inbox.get(TICKETS)).toBe('half of');
    await inbox.put(TICKETS, ' a file', REPUT);
    expect(await inbox.get(TICKETS)).toBe('half of a file');
    expect(await filesKept(inbox)).toBe(1);
  });

  test('whose import runs is what a new version goes on from', async () => {
    await inbox.put(TICKETS, 'first');
    const claim = await inbox.take();
    await inbox.put(TICKETS, ' and more', REPUT);
    expect(await inbox.spooled(claim.import.file_id)).toBe('first');
    expect(await inbox.get(TICKETS)).toBe('first and more');
  });

  test('takes its bytes along when it is removed', async () => {
    await inbox.put(TICKETS, 'x');
    yes(await inbox.drop.remove(TICKETS));
    expect(await filesKept(inbox)).toBe(0);
  });

  test('that the store does not take is our fault, and leaves nothing', async () => {
    const putUpload = () => Promise.reject(new Error('the store is gone'));
    await inbox.crash({
      store: (real) =>
        new Proxy(real, {
          get: (target, name) => (name === 'putUpload' ? putUpload : Reflect.get(target, name)),
        }),
    });
    const handle = await written('x');
    await expect(handle.close()).rejects.toThrow('the store is gone');
    expect(await inbox.names('/test')).toEqual([]);
    expect(await filesKept(inbox)).toBe(0);
  });
});

describe('a file that is only in memory', () => {
  const looks: [string, () => Promise<unknown>][] = [
    ['STAT', () => inbox.drop.stat(TICKETS)],
    ['READDIR', () => inbox.drop.list('/test')],
    ['READDIR of itself', () => inbox.drop.list(TICKETS)],
    ['OPEN for reading', () => inbox.get(TICKETS)],
    ['SETSTAT', () => inbox.drop.change(TICKETS, { mtime: 5000 })],
    ['a second OPEN', async () => (await inbox.open(TICKETS, SCP)).abandon()],
  ];

  test.each(looks)('is an upload like any other before %s looks at it', async (_, look) => {
    const handle = await written('half');
    expect(await recorded()).toEqual([]);
    await look();
    expect(await recorded()).toEqual(['tickets.csv: incomplete']);
    expect(yes(await inbox.drop.stat(TICKETS)).size).toBe(4);
    yes(await handle.write(4, Buffer.from(' and half')));
    yes(await handle.close());
    expect(await inbox.get(TICKETS)).toBe('half and half');
  });

  test('is one for every other process soon', async () => {
    await written('half');
    await expect.poll(recorded, { timeout: 30_000 }).toEqual(['tickets.csv: incomplete']);
    await inbox.crash();
    expect(await inbox.get(TICKETS)).toBe('half');
  });

  test('is gone with the process before that, and its name is free', async () => {
    await written('half');
    await inbox.crash();
    expect(await inbox.names('/test')).toEqual([]);
    await inbox.put(TICKETS, 'whole');
    expect(await inbox.get(TICKETS)).toBe('whole');
  });

  test('is kept for a resume when its connection is lost', async () => {
    await (await written('half of')).abandon();
    expect(await recorded()).toEqual(['tickets.csv: incomplete']);
    const handle = await inbox.open(TICKETS, RESUME);
    yes(await handle.write(7, Buffer.from(' a file')));
    yes(await handle.close());
    expect(await inbox.get(TICKETS)).toBe('half of a file');
  });

  test('can be removed, and its handle can do no more', async () => {
    const handle = await written('half');
    yes(await inbox.drop.remove(TICKETS));
    expect(await handle.close()).toMatchObject({ code: 'no_such_file' });
    expect(await filesKept(inbox)).toBe(0);
  });

  test('gives way to a file that is renamed to its name', async () => {
    const handle = await written('half');
    await inbox.put('/test/b.csv', 'whole');
    yes(await inbox.drop.rename('/test/b.csv', TICKETS, true));
    expect(await handle.close()).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.get(TICKETS)).toBe('whole');
  });

  test('tells its writer, and nobody else, when it cannot be recorded', async () => {
    const beginUpload = () => Promise.reject(new Error('the store is gone'));
    await inbox.crash({
      store: (real) =>
        new Proxy(real, {
          get: (target, name) => (name === 'beginUpload' ? beginUpload : Reflect.get(target, name)),
        }),
    });
    const handle = await written('half');
    expect(await inbox.drop.stat(TICKETS)).toMatchObject({ code: 'no_such_file' });
    await expect(handle.write(4, Buffer.from('x'))).rejects.toThrow('the store is gone');
    await expect(handle.close()).rejects.toThrow('the store is gone');
  });
});

describe('what is more than small', () => {
  test('goes to the spool, first bytes first', async () => {
    const handle = await inbox.open(TICKETS);
    const half = MOST_OF_ONE / 2;
    for (const n of [0, 1, 2]) yes(await handle.write(n * half, Buffer.alloc(half, `${n}`)));
    expect(await spooled()).toHaveLength(1);
    yes(await handle.close());
    const { import: one } = await inbox.take();
    expect(await inbox.spooled(one.file_id)).toBe('0'.repeat(half) + '1'.repeat(half) + '2'.repeat(half));
  });

  test('is what all writers together have, too', async () => {
    const many = Array.from({ length: (8 * 1024 ** 2) / MOST_OF_ONE + 1 }, (_, n) => `/test/${n}.csv`);
    const handles = await Promise.all(many.map((path) => inbox.open(path)));
    for (const handle of handles) yes(await handle.write(0, Buffer.alloc(MOST_OF_ONE)));
    for (const handle of handles) yes(await handle.close());
    expect((await spooled()).length).toBeGreaterThan(0);
    expect(await filesKept(inbox)).toBe(many.length);
  });
});
