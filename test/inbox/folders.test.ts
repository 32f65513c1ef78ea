import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnInbox, GRACE, PUT, SETTLE, yes } from './an-inbox.ts';

let inbox: AnInbox;
beforeEach(async () => {
  inbox = await AnInbox.open();
});
afterEach(() => inbox.remove());

const TICKETS = '/test/tickets.csv';
const MINUTE = 60_000;

describe('the root', () => {
  test('has test and live, and the two other folders once a file has moved', async () => {
    expect(await inbox.names('/')).toEqual(['live', 'test']);
    expect(await inbox.drop.stat('/imports_processed')).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.drop.list('/imports_reports')).toMatchObject({ code: 'no_such_file' });
    await inbox.put(TICKETS, 'x');
    await inbox.process();
    expect(await inbox.names('/')).toEqual(['live', 'test']);
    inbox.now += GRACE;
    expect(await inbox.names('/')).toEqual(['imports_processed', 'imports_reports', 'live', 'test']);
    expect(yes(await inbox.drop.stat('/imports_processed')).kind).toBe('folder');
  });

  test('takes no file', async () => {
    expect(await inbox.drop.openWrite('/tickets.csv', PUT)).toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('/test or /live'),
    });
    expect(await inbox.drop.stat('/tickets.csv')).toMatchObject({ code: 'no_such_file' });
  });

  test('and its folders are neither made nor removed, nor are others', async () => {
    for (const path of ['/', '/test', '/live']) {
      expect(await inbox.drop.makeFolder(path)).toMatchObject({ code: 'already_exists' });
      expect(await inbox.drop.removeFolder(path)).toMatchObject({ code: 'not_allowed' });
      expect(await inbox.drop.remove(path)).toMatchObject({ code: 'not_allowed' });
      expect(await inbox.drop.openWrite(path, PUT)).toMatchObject({ code: 'not_allowed' });
      expect(await inbox.drop.openRead(path)).toMatchObject({ code: 'not_allowed' });
      expect(await inbox.drop.change(path, { mtime: 1 })).toMatchObject({ ok: true });
    }
    for (const path of ['/new', '/test/new', '/test/new/deeper', '/imports_processed']) {
      expect(await inbox.drop.makeFolder(path)).toMatchObject({ code: 'not_allowed' });
      expect(await inbox.drop.removeFolder(path)).toMatchObject({ code: 'no_such_file' });
    }
  });

  test('has nothing deeper than a file in a folder', async () => {
    expect(await inbox.drop.openWrite('/test/a/b.csv', PUT)).toMatchObject({ code: 'not_allowed' });
    expect(await inbox.drop.openRead('/test/a/b.csv')).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.drop.list('/test/a/b')).toMatchObject({ code: 'no_such_file' });
    await inbox.put(TICKETS, 'x');
    expect(await inbox.drop.list(TICKETS)).toMatchObject({ code: 'not_allowed' });
  });
});

describe('the path of a file', () => {
  test('is no folder to look into, and where there is none there is nothing', async () => {
    await inbox.put(TICKETS, 'x');
    expect(await inbox.drop.list(TICKETS)).toMatchObject({ code: 'not_allowed' });
    expect(await inbox.drop.list('/test/absent')).toMatchObject({ code: 'no_such_file' });
  });

  test('is not opened for reading between its record and its first byte', async () => {
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    await inbox.crash({
      spool: (real) => ({
        ...real,
        openUpload: async (file) => {
          begun.resolve();
          await goOn.promise;
          return real.openUpload(file);
        },
      }),
    });
    const writing = inbox.drop.openWrite(TICKETS, PUT);
    await begun.promise;
    const reading = inbox.drop.openRead(TICKETS);
    setTimeout(goOn.resolve, 100); // long enough for an OPEN that does not wait to find no bytes
    await yes(await reading).close();
    await yes(await writing).abandon();
  });
});

describe('an account without access to live', () => {
  test('sees the folder, and is refused whatever is inside with what to do', async () => {
    await inbox.put('/live/tickets.csv', 'x');
    const drop = inbox.dropWith(['test']);
    expect(yes(await drop.list('/')).map((one) => one.name)).toEqual(['live', 'test']);
    expect(yes(await drop.stat('/live')).kind).toBe('folder');
    const no = { code: 'not_allowed', message: expect.stringContaining('no access to live: ask') };
    const path = '/live/tickets.csv';
    expect(await drop.list('/live')).toMatchObject(no);
    expect(await drop.stat(path)).toMatchObject(no);
    expect(await drop.openRead(path)).toMatchObject(no);
    expect(await drop.openWrite(path, PUT)).toMatchObject(no);
    expect(await drop.change(path, { mtime: 1 })).toMatchObject(no);
    expect(await drop.remove(path)).toMatchObject(no);
    expect(await drop.rename(path, '/live/other.csv', false)).toMatchObject(no);
    expect(await inbox.names('/live')).toEqual(['tickets.csv']);
  });
});

describe('a processed file', () => {
  test('stays in its folder for the grace period, then is in the other with its bytes and reports', async () => {
    await inbox.put(TICKETS, 'the bytes');
    await inbox.process();
    expect(await inbox.names('/test')).toEqual(['tickets.csv']);
    inbox.now += GRACE;
    expect(await inbox.names('/test')).toEqual([]);
    expect(await inbox.names('/imports_processed')).toEqual(['tickets.csv']);
    expect(await inbox.get('/imports_processed/tickets.csv')).toBe('the bytes');
    expect((await inbox.names('/imports_reports')).sort()).toEqual([
      'tickets.csv.rejected.csv',
      'tickets.csv.report.csv',
    ]);
    expect(await inbox.get('/imports_reports/tickets.csv.report.csv')).toBe('report');
    expect(await inbox.get('/imports_reports/tickets.csv.rejected.csv')).toBe('rejected');
  });

  test('is kept for the record, and so are its reports', async () => {
    await inbox.put(TICKETS, 'x');
    await inbox.processAndMove();
    for (const path of ['/imports_processed/tickets.csv', '/imports_reports/tickets.csv.report.csv']) {
      const kept = { code: 'not_allowed', message: expect.stringContaining('kept for the record') };
      expect(await inbox.drop.remove(path)).toMatchObject(kept);
      expect(await inbox.drop.openWrite(path, PUT)).toMatchObject(kept);
      expect(await inbox.drop.change(path, { size: 0 })).toMatchObject(kept);
      expect(await inbox.drop.change(path, { mtime: 0 })).toMatchObject(kept);
      expect(await inbox.drop.change(path, {})).toMatchObject({ ok: true });
      expect(await inbox.drop.rename(path, '/test/again.csv', true)).toMatchObject(kept);
      expect(await inbox.drop.rename(TICKETS, path, true)).toMatchObject(kept);
    }
    expect(await inbox.drop.remove('/imports_processed/absent.csv')).toMatchObject({ code: 'no_such_file' });
  });

  test('moves only after the grace period without a look at its path', async () => {
    await inbox.put(TICKETS, 'x');
    await inbox.process();
    inbox.now += GRACE - SETTLE - 1; // the CLOSE was `SETTLE` before the import
    yes(await inbox.drop.stat(TICKETS));
    inbox.now += GRACE - 1;
    expect(await inbox.names('/test')).toEqual(['tickets.csv']);
    inbox.now += 1;
    expect(await inbox.names('/test')).toEqual([]);
  });
});

describe('a file that has not begun to be imported', () => {
  test.each(['stat', 'change', 'openRead', 'rename to itself'])(
    'waits longer after %s',
    async (operation) => {
      await inbox.put(TICKETS, 'x');
      inbox.now += SETTLE - 1;
      if (operation === 'stat') yes(await inbox.drop.stat(TICKETS));
      if (operation === 'change') yes(await inbox.drop.change(TICKETS, { mtime: 1000 }));
      if (operation === 'openRead') await yes(await inbox.drop.openRead(TICKETS)).close();
      if (operation === 'rename to itself') yes(await inbox.drop.rename(TICKETS, TICKETS, false));
      expect(await inbox.store.claimImport(1000, inbox.now + SETTLE - 1)).toBeUndefined();
      expect(await inbox.store.claimImport(1000, inbox.now + SETTLE)).toBeDefined();
    },
  );

  test('does not wait longer because its folder is listed', async () => {
    await inbox.put(TICKETS, 'x');
    inbox.now += SETTLE - 1;
    await inbox.names('/test');
    expect(await inbox.store.claimImport(1000, inbox.now + 1)).toBeDefined();
  });
});

describe('the old path of a file that has moved', () => {
  beforeEach(async () => {
    await inbox.put(TICKETS, 'the bytes');
    await inbox.processAndMove();
  });

  test('answers STAT, SETSTAT and a look at the bytes for 15 minutes, but is not listed', async () => {
    expect(yes(await inbox.drop.stat(TICKETS))).toMatchObject({ kind: 'file', size: 9 });
    yes(await inbox.drop.change(TICKETS, { mtime: 1_000_000 }));
    yes(await inbox.drop.change(TICKETS, { size: 9 }));
    expect(yes(await inbox.drop.stat(TICKETS)).mtime).toBe(1_000_000);
    expect(await inbox.get(TICKETS)).toBe('the bytes');
    expect(await inbox.names('/test')).toEqual([]);
    inbox.now += 15 * MINUTE;
    expect(await inbox.drop.stat(TICKETS)).toMatchObject({ code: 'no_such_file' });
  });

  test('has nothing to remove, to rename or to cut off', async () => {
    expect(await inbox.drop.remove(TICKETS)).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.drop.rename(TICKETS, '/test/b.csv', true)).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.drop.change(TICKETS, { size: 1 })).toMatchObject({ code: 'not_allowed' });
  });

  test('is free for a new file, even with EXCL', async () => {
    await inbox.put(TICKETS, 'new', { ...PUT, exclusive: true });
    expect(await inbox.names('/test')).toEqual(['tickets.csv']);
    await inbox.processAndMove();
    expect(await inbox.names('/imports_processed')).toEqual(['tickets (2).csv', 'tickets.csv']);
    expect(await inbox.get('/imports_processed/tickets (2).csv')).toBe('new');
    expect(await inbox.get('/imports_processed/tickets.csv')).toBe('the bytes');
  });
});
