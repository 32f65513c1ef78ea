import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnInbox, PUT, REPUT, RESUME, SCP, SETTLE, yes } from './an-inbox.ts';

let inbox: AnInbox;
beforeEach(async () => {
  inbox = await AnInbox.open();
});
afterEach(() => inbox.remove());

const TICKETS = '/test/tickets.csv';

describe('a file is committed by CLOSE', () => {
  test('and is due once it has settled, with the bytes that were written', async () => {
    await inbox.put(TICKETS, 'a,b\n1,2\n');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect(await inbox.store.claimImport(1000, inbox.now + SETTLE - 1)).toBeUndefined();
    const claim = await inbox.take();
    expect(claim.import).toMatchObject({ file: 'tickets.csv', mode: 'test', size: 8 });
    expect(await inbox.spooled(claim.import.file_id)).toBe('a,b\n1,2\n');
  });

  test('and not before it: while it is written it is incomplete, and listed with the bytes so far', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(0, Buffer.from('half')));
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    expect(yes(await inbox.drop.list('/test'))).toMatchObject([{ name: 'tickets.csv', size: 4 }]);
    expect(yes(await inbox.drop.stat(TICKETS))).toMatchObject({ kind: 'file', size: 4 });
    expect(await inbox.get(TICKETS)).toBe('half');
    yes(await handle.close());
  });

  test('in the folder it was dropped into', async () => {
    await inbox.put('/live/tickets.csv', 'x');
    expect((await inbox.take()).import.mode).toBe('live');
  });

  test('also when it is empty', async () => {
    yes(await (await inbox.open(TICKETS)).close());
    expect((await inbox.take()).import.size).toBe(0);
  });

  test('but under a name that is not eligible it is only kept', async () => {
    await inbox.put('/test/tickets.csv.filepart', 'x');
    await inbox.put('/test/notes.txt', 'x');
    expect(await inbox.imports()).toEqual([]);
    expect(await inbox.names('/test')).toEqual(['notes.txt', 'tickets.csv.filepart']);
  });
});

describe('a connection that is lost without CLOSE', () => {
  test('leaves an incomplete file with its bytes, which is never imported', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(0, Buffer.from('half of')));
    await handle.abandon();
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    expect(yes(await inbox.drop.stat(TICKETS)).size).toBe(7);
    await expect(inbox.take()).rejects.toThrow('nothing is due');
  });

  test('leaves the time of the last byte', async () => {
    const handle = await inbox.open(TICKETS);
    inbox.now += 5_000;
    yes(await handle.write(0, Buffer.from('x')));
    const { now } = inbox;
    inbox.now += 5_000;
    await handle.abandon();
    expect(yes(await inbox.drop.stat(TICKETS)).mtime).toBe(now);
  });

  test('can be resumed by offset, as curl and FileZilla do', async () => {
    const lost = await inbox.open(TICKETS);
    yes(await lost.write(0, Buffer.from('half of')));
    await lost.abandon();
    const handle = await inbox.open(TICKETS, RESUME);
    const { size } = await handle.attributes();
    yes(await handle.write(size, Buffer.from(' a file')));
    yes(await handle.close());
    expect(await inbox.get(TICKETS)).toBe('half of a file');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
  });

  test('can be resumed by appending, whatever offset the client believes in', async () => {
    const lost = await inbox.open(TICKETS);
    yes(await lost.write(0, Buffer.from('half of')));
    await lost.abandon();
    const handle = await inbox.open(TICKETS, REPUT);
    yes(await handle.write(0, Buffer.from(' a')));
    yes(await handle.write(3, Buffer.from(' file')));
    yes(await handle.close());
    expect(await inbox.get(TICKETS)).toBe('half of a file');
  });

  test('that was not noticed yet does not keep a second upload from being imported', async () => {
    const dead = await inbox.open(TICKETS);
    yes(await dead.write(0, Buffer.from('old and long')));
    await inbox.put(TICKETS, 'whole');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    await dead.abandon();
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect(await inbox.spooled((await inbox.take()).import.file_id)).toBe('whole');
  });
});

describe('writing over a file', () => {
  test('that still settles replaces it and starts the wait anew', async () => {
    await inbox.put(TICKETS, 'first and long');
    inbox.now += SETTLE - 1;
    await inbox.put(TICKETS, 'second');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect(await inbox.store.claimImport(1000, inbox.now + 1)).toBeUndefined();
    expect(await inbox.spooled((await inbox.take()).import.file_id)).toBe('second');
  });

  test('keeps it from being taken while it is written again', async () => {
    await inbox.put(TICKETS, 'first');
    const handle = await inbox.open(TICKETS, SCP);
    await expect(inbox.take()).rejects.toThrow('nothing is due');
    yes(await handle.close());
    expect((await inbox.take()).import.size).toBe(5);
  });

  test('without TRUNC keeps what is not written over, until the size is set, as scp does', async () => {
    await inbox.put(TICKETS, 'a hundred bytes');
    const handle = await inbox.open(TICKETS, SCP);
    yes(await handle.write(0, Buffer.from('eight')));
    expect(await inbox.get(TICKETS)).toBe('eightdred bytes');
    yes(await handle.change({ size: 5 }));
    yes(await handle.close());
    expect(await inbox.get(TICKETS)).toBe('eight');
  });

  test('out of order and with EXCL', async () => {
    const handle = await inbox.open(TICKETS, { ...PUT, exclusive: true });
    yes(await handle.write(4, Buffer.from('5678')));
    yes(await handle.write(0, Buffer.from('1234')));
    expect(await inbox.drop.openWrite(TICKETS, { ...PUT, exclusive: true })).toMatchObject({
      code: 'already_exists',
    });
    yes(await handle.close());
    expect(await inbox.get(TICKETS)).toBe('12345678');
  });

  test('that is absent, without CREAT, is refused', async () => {
    expect(await inbox.drop.openWrite(TICKETS, RESUME)).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.names('/test')).toEqual([]);
  });
});

describe('writing to a file that is being imported', () => {
  test('begins a new version that goes on from its bytes, and the import keeps its own', async () => {
    await inbox.put(TICKETS, 'first');
    const claim = await inbox.take();
    const handle = await inbox.open(TICKETS, REPUT);
    yes(await handle.write(0, Buffer.from(' and more')));
    yes(await handle.close());
    expect(await inbox.spooled(claim.import.file_id)).toBe('first');
    expect(await inbox.get(TICKETS)).toBe('first and more');
    expect(await inbox.imports()).toEqual(['tickets.csv: processing', 'tickets.csv: settling']);
  });

  test('begins an empty one with TRUNC', async () => {
    await inbox.put(TICKETS, 'first');
    const claim = await inbox.take();
    await inbox.put(TICKETS, '2nd');
    expect(await inbox.spooled(claim.import.file_id)).toBe('first');
    expect(await inbox.get(TICKETS)).toBe('2nd');
  });

  test('through a handle that was open all the time does too', async () => {
    const early = await inbox.open(TICKETS, SCP);
    await inbox.put(TICKETS, 'first');
    const claim = await inbox.take();
    yes(await early.write(0, Buffer.from('F')));
    yes(await early.close());
    expect(await inbox.spooled(claim.import.file_id)).toBe('first');
    expect(await inbox.get(TICKETS)).toBe('First');
    expect(await inbox.imports()).toEqual(['tickets.csv: processing', 'tickets.csv: settling']);
  });
});

describe('two handles on one file', () => {
  test('write the same bytes; what one writes after the CLOSE of the other makes it incomplete again', async () => {
    const [one, two] = [await inbox.open(TICKETS, SCP), await inbox.open(TICKETS, SCP)];
    yes(await one.write(0, Buffer.from('11')));
    yes(await two.write(2, Buffer.from('22')));
    yes(await one.close());
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    yes(await two.write(4, Buffer.from('33')));
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    yes(await two.close());
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect(await inbox.get(TICKETS)).toBe('112233');
  });

  test('leave nothing open behind', async () => {
    let open = 0;
    const counting = await AnInbox.open({
      spool: (real) => ({
        ...real,
        openUpload: async (file) => {
          const upload = await real.openUpload(file);
          open += 1;
          const close = () => {
            open -= 1;
            return upload.close();
          };
          return { ...upload, close };
        },
      }),
    });
    const [one, two] = [await counting.open(TICKETS, SCP), await counting.open(TICKETS, SCP)];
    yes(await one.close());
    yes(await two.write(0, Buffer.from('reopened')));
    expect(open).toBe(1);
    yes(await two.close());
    expect(open).toBe(0);
    await counting.remove();
  });

  test('and its path have one time after a CLOSE, whoever sets it', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await (await inbox.open(TICKETS)).close());
    yes(await handle.change({ mtime: 1_000_000 }));
    expect(yes(await inbox.drop.stat(TICKETS)).mtime).toBe(1_000_000);
    yes(await inbox.drop.change(TICKETS, { mtime: 2_000_000 }));
    expect((await handle.attributes()).mtime).toBe(2_000_000);
    yes(await handle.close());
    expect(yes(await inbox.drop.stat(TICKETS)).mtime).toBe(2_000_000);
  });

  test('of which one closes when the file is being imported do not disturb the import', async () => {
    const [one, two] = [await inbox.open(TICKETS, SCP), await inbox.open(TICKETS, SCP)];
    yes(await one.write(0, Buffer.from('whole')));
    yes(await one.close());
    await inbox.take();
    yes(await two.close());
    expect(await inbox.imports()).toEqual(['tickets.csv: processing']);
  });

  test('closed at the same moment commit it once', async () => {
    const [one, two] = [await inbox.open(TICKETS, SCP), await inbox.open(TICKETS, SCP)];
    const writes = [one.write(0, Buffer.from('1')), two.write(1, Buffer.from('2'))];
    const closes = [one.close(), two.close()];
    for (const done of await Promise.all([...writes, ...closes])) yes(done);
    expect(await inbox.get(TICKETS)).toBe('12');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
  });
});

describe('a write handle', () => {
  test('reads back only when it was opened for reading too', async () => {
    const both = await inbox.open(TICKETS, { ...PUT, read: true });
    yes(await both.write(0, Buffer.from('bytes')));
    const into = Buffer.alloc(3);
    expect(yes(await both.read(1, into))).toBe(3);
    expect(into.toString()).toBe('yte');
    yes(await both.close());
    const only = await inbox.open(TICKETS, SCP);
    expect(await only.read(0, into)).toMatchObject({ code: 'not_allowed' });
    await only.abandon();
  });

  test('keeps the time that the client gives the file', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(0, Buffer.from('x')));
    yes(await handle.change({ mtime: 1_000_000 }));
    expect((await handle.attributes()).mtime).toBe(1_000_000);
    yes(await handle.close());
    expect(yes(await inbox.drop.stat(TICKETS)).mtime).toBe(1_000_000);
  });

  test('is not made longer by writing nothing beyond the end', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(100, Buffer.alloc(0)));
    expect((await handle.attributes()).size).toBe(0);
    yes(await handle.close());
    expect(yes(await inbox.drop.stat(TICKETS)).size).toBe(0);
  });

  test('does not suffer from SETSTAT with a size that no file may have', async () => {
    const handle = await inbox.open(TICKETS);
    const refused = await inbox.drop.change(TICKETS, { size: 8 * 1024 ** 3 + 1 });
    expect(refused).toMatchObject({ code: 'failed', message: expect.stringContaining('8 GiB') });
    yes(await handle.close());
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
  });

  test('refuses bytes beyond the largest file, and then its CLOSE does not commit', async () => {
    const handle = await inbox.open(TICKETS);
    expect(await handle.write(8 * 1024 ** 3, Buffer.from('x'))).toMatchObject({
      code: 'failed',
      message: expect.stringContaining('8 GiB'),
    });
    expect(await handle.close()).toMatchObject({ code: 'failed' });
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
  });

  test('can do no more once the file has been removed', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(0, Buffer.from('x')));
    yes(await inbox.drop.remove(TICKETS));
    expect(await handle.write(1, Buffer.from('y'))).toMatchObject({ code: 'no_such_file' });
    expect(await handle.sync()).toMatchObject({ code: 'no_such_file' });
    expect(await handle.close()).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.imports()).toEqual([]);
    expect(await inbox.names('/test')).toEqual([]);
  });
});
