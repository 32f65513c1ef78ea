import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AnInbox, PUT, SCP, SETTLE, yes } from './an-inbox.ts';
import { filesKept } from './files-kept.ts';

let inbox: AnInbox;
beforeEach(async () => {
  inbox = await AnInbox.open();
});
afterEach(() => inbox.remove());

const PART = '/test/tickets.csv.filepart';
const TICKETS = '/test/tickets.csv';

describe('RENAME', () => {
  test('into an eligible name commits, and waits for the quiet period', async () => {
    await inbox.put(PART, 'whole');
    inbox.now += 60_000;
    yes(await inbox.drop.rename(PART, TICKETS, false));
    expect(await inbox.names('/test')).toEqual(['tickets.csv']);
    expect(await inbox.store.claimImport(1000, inbox.now + SETTLE - 1)).toBeUndefined();
    expect((await inbox.take()).import).toMatchObject({ file: 'tickets.csv', size: 5 });
  });

  test('out of an eligible name keeps the file from being imported', async () => {
    await inbox.put(TICKETS, 'x');
    yes(await inbox.drop.rename(TICKETS, '/test/tickets.bak', false));
    expect(await inbox.imports()).toEqual([]);
    expect(await inbox.get('/test/tickets.bak')).toBe('x');
  });

  test('of what is absent is refused as absent', async () => {
    expect(await inbox.drop.rename(PART, TICKETS, true)).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.drop.rename(TICKETS, TICKETS, true)).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.drop.rename('/elsewhere', TICKETS, true)).toMatchObject({ code: 'no_such_file' });
  });

  test('onto itself changes nothing', async () => {
    await inbox.put(TICKETS, 'x');
    yes(await inbox.drop.rename(TICKETS, TICKETS, false));
    yes(await inbox.drop.rename(TICKETS, TICKETS, true));
    expect(await inbox.get(TICKETS)).toBe('x');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
  });

  test('onto an upload is refused, and replaces it, bytes and all, as posix-rename', async () => {
    await inbox.put(TICKETS, 'old');
    await inbox.put(PART, 'new');
    expect(await inbox.drop.rename(PART, TICKETS, false)).toMatchObject({ code: 'already_exists' });
    expect(await inbox.get(TICKETS)).toBe('old');
    yes(await inbox.drop.rename(PART, TICKETS, true));
    expect(await inbox.get(TICKETS)).toBe('new');
    expect(await inbox.names('/test')).toEqual(['tickets.csv']);
    expect(await filesKept(inbox)).toBe(1);
    const claim = await inbox.take();
    expect(await inbox.spooled(claim.import.file_id)).toBe('new');
    expect(await inbox.store.claimImport(1000, inbox.now)).toBeUndefined();
  });

  test.each([false, true])(
    'onto a file that is being imported begins a new one (posix-rename: %s)',
    async (posix) => {
      await inbox.put(TICKETS, 'old');
      const claim = await inbox.take();
      await inbox.put(PART, 'new');
      yes(await inbox.drop.rename(PART, TICKETS, posix));
      expect(await inbox.get(TICKETS)).toBe('new');
      expect(await inbox.spooled(claim.import.file_id)).toBe('old');
      expect(await inbox.imports()).toEqual(['tickets.csv: processing', 'tickets.csv: settling']);
    },
  );

  test('onto the old path of a file that has moved begins a new one', async () => {
    await inbox.put(TICKETS, 'old');
    await inbox.processAndMove();
    await inbox.put(PART, 'new');
    yes(await inbox.drop.rename(PART, TICKETS, false));
    expect(await inbox.get(TICKETS)).toBe('new');
    expect(await inbox.get('/imports_processed/tickets.csv')).toBe('old');
  });

  test('of a file that is being imported is refused', async () => {
    await inbox.put(TICKETS, 'x');
    await inbox.take();
    expect(await inbox.drop.rename(TICKETS, '/test/b.csv', true)).toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('is being imported'),
    });
  });

  test.each([
    ['/test/a.csv', '/live/a.csv'],
    ['/live/a.csv', '/test/a.csv'],
  ])('from %s to %s is refused: no test data goes live', async (from, to) => {
    await inbox.put(from, 'x');
    expect(await inbox.drop.rename(from, to, true)).toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('upload it again'),
    });
    expect(await inbox.get(from)).toBe('x');
  });

  test.each(['/', '/test', '/tickets.csv', '/test/a/b.csv', '/test/a\nb.csv', '/imports_processed/a.csv'])(
    'to %j is refused',
    async (to) => {
      await inbox.put(TICKETS, 'x');
      expect(await inbox.drop.rename(TICKETS, to, true)).toMatchObject({ code: 'not_allowed' });
      expect(await inbox.get(TICKETS)).toBe('x');
    },
  );

  test('of a file that is still being written is refused', async () => {
    const handle = await inbox.open(PART);
    yes(await handle.write(0, Buffer.from('half')));
    expect(await inbox.drop.rename(PART, TICKETS, false)).toMatchObject({
      code: 'not_allowed',
      message: expect.stringContaining('close it first'),
    });
    yes(await handle.close());
    yes(await inbox.drop.rename(PART, TICKETS, false));
  });

  test('of a complete file succeeds though a dead connection still has it open, which can do no more', async () => {
    const dead = await inbox.open(PART);
    yes(await dead.write(0, Buffer.from('half')));
    await inbox.put(PART, 'whole');
    yes(await inbox.drop.rename(PART, TICKETS, false));
    expect(await dead.write(0, Buffer.from('HALF'))).toMatchObject({ code: 'no_such_file' });
    await dead.abandon();
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect(await inbox.get(TICKETS)).toBe('whole');
    expect(await inbox.names('/test')).toEqual(['tickets.csv']);
  });

  test('onto a file that is being written ends that writing', async () => {
    const handle = await inbox.open(TICKETS);
    yes(await handle.write(0, Buffer.from('half')));
    await inbox.put(PART, 'whole');
    yes(await inbox.drop.rename(PART, TICKETS, true));
    expect(await handle.close()).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.get(TICKETS)).toBe('whole');
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect(await filesKept(inbox)).toBe(1);
  });

  test('there and back does not let an old handle disturb the new one', async () => {
    const old = await inbox.open(PART, SCP);
    await inbox.put(PART, 'x');
    yes(await inbox.drop.rename(PART, '/test/b.part', false));
    yes(await inbox.drop.rename('/test/b.part', PART, false));
    const fresh = await inbox.open(PART, SCP);
    await old.abandon();
    yes(await fresh.write(0, Buffer.from('whole')));
    expect(yes(await inbox.drop.stat(PART)).size).toBe(5);
    yes(await fresh.close());
    expect(await inbox.get(PART)).toBe('whole');
  });

  test('of two files onto each other at once ends with one of them', async () => {
    await inbox.put('/test/a.csv', 'a');
    await inbox.put('/test/b.csv', 'b');
    await Promise.all([
      inbox.drop.rename('/test/a.csv', '/test/b.csv', true),
      inbox.drop.rename('/test/b.csv', '/test/a.csv', true),
    ]);
    expect(await inbox.names('/test')).toHaveLength(1);
    expect(await filesKept(inbox)).toBe(1);
  });
});

describe('REMOVE', () => {
  test('of an upload takes its bytes and its import with it', async () => {
    await inbox.put(TICKETS, 'x');
    yes(await inbox.drop.remove(TICKETS));
    expect(await inbox.names('/test')).toEqual([]);
    expect(await inbox.imports()).toEqual([]);
    expect(await filesKept(inbox)).toBe(0);
  });

  test('of what is absent is exactly no_such_file', async () => {
    expect(await inbox.drop.remove(TICKETS)).toMatchObject({ code: 'no_such_file' });
    expect(await inbox.drop.remove('/nowhere/a.csv')).toMatchObject({ code: 'no_such_file' });
  });

  test('of a file that is being imported is refused', async () => {
    await inbox.put(TICKETS, 'x');
    await inbox.take();
    expect(await inbox.drop.remove(TICKETS)).toMatchObject({ code: 'not_allowed' });
    expect(await filesKept(inbox)).toBe(1);
  });
});

test('SETSTAT of a time lasts, also when the file is being written', async () => {
  const handle = await inbox.open(TICKETS);
  yes(await handle.write(0, Buffer.from('x')));
  yes(await inbox.drop.change(TICKETS, { mtime: 5000 }));
  yes(await handle.close());
  expect(yes(await inbox.drop.stat(TICKETS)).mtime).toBe(5000);
});

describe('SETSTAT of a size', () => {
  test('cuts an upload off, which then is incomplete until it is closed or renamed', async () => {
    await inbox.put(TICKETS, 'ten bytes.');
    yes(await inbox.drop.change(TICKETS, { size: 3 }));
    expect(await inbox.get(TICKETS)).toBe('ten');
    expect(await inbox.imports()).toEqual(['tickets.csv: incomplete']);
    yes(await (await inbox.open(TICKETS, SCP)).close());
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
  });

  test('that it has already leaves it complete', async () => {
    await inbox.put(TICKETS, 'x');
    yes(await inbox.drop.change(TICKETS, { size: 1, mtime: 5000 }));
    expect(await inbox.imports()).toEqual(['tickets.csv: settling']);
    expect(yes(await inbox.drop.stat(TICKETS)).mtime).toBe(5000);
  });

  test('is refused once it is being imported, and for what is absent', async () => {
    expect(await inbox.drop.change(TICKETS, { size: 0 })).toMatchObject({ code: 'no_such_file' });
    await inbox.put(TICKETS, 'x');
    await inbox.take();
    expect(await inbox.drop.change(TICKETS, { size: 0 })).toMatchObject({ code: 'not_allowed' });
    yes(await inbox.drop.change(TICKETS, { mtime: 7000 }));
  });
});

test('a name that no file may have is refused when a file is opened', async () => {
  expect(await inbox.drop.openWrite('/test/a\x07.csv', PUT)).toMatchObject({ code: 'not_allowed' });
  expect(await inbox.drop.openWrite(`/test/${'a'.repeat(252)}.csv`, PUT)).toMatchObject({
    code: 'not_allowed',
  });
  expect(await inbox.names('/test')).toEqual([]);
});

test('a file that was begun earlier than the one that is being imported is what its new name means', async () => {
  await inbox.put(PART, 'the next one');
  await inbox.put(TICKETS, 'the taken one');
  await inbox.take();
  yes(await inbox.drop.rename(PART, TICKETS, false));
  expect(await inbox.get(TICKETS)).toBe('the next one');
  expect(yes(await inbox.drop.list('/test'))).toMatchObject([{ name: 'tickets.csv', size: 12 }]);
  yes(await inbox.drop.remove(TICKETS));
  expect(await inbox.get(TICKETS)).toBe('the taken one');
});
