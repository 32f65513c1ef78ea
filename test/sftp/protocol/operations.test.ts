import { readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { string, uint32, uint64 } from '../../../src/sftp/protocol/wire.ts';
import { Conversation, NO_ATTRIBUTES, TYPE } from './a-conversation.ts';

const OK = 0;
const EOF = 1;
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const FAILURE = 4;
const UNSUPPORTED = 8;

let conversation: Conversation;

beforeEach(async () => {
  conversation = await Conversation.begin();
});

afterEach(() => conversation.end());

const path = (name: string) => join(conversation.root, name);
const content = (name: string) => readFileSync(path(name), 'utf8');
const status = (code: number) => expect.objectContaining({ is: 'status', code });

describe('a file', () => {
  test('is written, closed and read again', async () => {
    const writing = await conversation.open('/test/a.csv', 26);
    expect(await conversation.write(writing, 0, 'hello ')).toEqual(status(OK));
    expect(await conversation.write(writing, 6, 'world')).toEqual(status(OK));
    expect(await conversation.close(writing)).toEqual(status(OK));
    expect(conversation.journal).toEqual(['committed /test/a.csv']);

    const reading = await conversation.open('/test/a.csv', 1);
    const read = (offset: number, length: number) =>
      conversation.ask(TYPE.read, string(reading), uint64(offset), uint32(length));
    expect(await read(0, 1000)).toMatchObject({ bytes: Buffer.from('hello world') });
    expect(await read(6, 3)).toMatchObject({ bytes: Buffer.from('wor') });
    expect(await read(11, 10)).toEqual(status(EOF));
    expect(await conversation.close(reading)).toEqual(status(OK));
  });

  test('takes writes in any order', async () => {
    const handle = await conversation.open('/test/a.csv', 26);
    await conversation.write(handle, 6, 'world');
    await conversation.write(handle, 0, 'hello ');
    await conversation.close(handle);
    expect(content('test/a.csv')).toBe('hello world');
  });

  test('is read in pieces no longer than announced, however many bytes are asked for', async () => {
    writeFileSync(path('test/big.csv'), Buffer.alloc(300_000));
    const handle = await conversation.open('/test/big.csv', 1);
    const reply = await conversation.ask(TYPE.read, string(handle), uint64(0), uint32(0xffff_ffff));
    expect(reply.is === 'data' && reply.bytes.length).toBe(261_120);
  });

  test('is cut and dated by its handle, as scp does before CLOSE', async () => {
    writeFileSync(path('test/a.csv'), 'a longer text');
    const handle = await conversation.open('/test/a.csv', 10);
    await conversation.write(handle, 0, 'short');
    const changes = [uint32(0x1 | 0x8), uint64(5), uint32(0), uint32(1_700_000_000)];
    expect(await conversation.ask(TYPE.fsetstat, string(handle), ...changes)).toEqual(status(OK));
    expect(await conversation.ask(TYPE.fstat, string(handle))).toMatchObject({
      size: 5,
      mtime: 1_700_000_000,
    });
    expect(await conversation.close(handle)).toEqual(status(OK));
    expect(content('test/a.csv')).toBe('short');
  });

  test('keeps owner and permissions, and who sets them is told OK', async () => {
    writeFileSync(path('test/a.csv'), 'x', { mode: 0o600 });
    const changes = [uint32(0x2 | 0x4), uint32(7), uint32(7), uint32(0o777)];
    expect(await conversation.ask(TYPE.setstat, string('/test/a.csv'), ...changes)).toEqual(status(OK));
    expect(statSync(path('test/a.csv')).mode & 0o777).toBe(0o600);
    expect(await conversation.ask(TYPE.stat, string('/test/a.csv'))).toMatchObject({ mode: 0o100644 });
  });

  test('takes SETSTAT with extended attributes, which mean nothing', async () => {
    writeFileSync(path('test/a.csv'), 'long');
    const changes = [uint32(0x8000_0001), uint64(2), uint32(1), string('acl@example.com'), string('x')];
    expect(await conversation.ask(TYPE.setstat, string('/test/a.csv'), ...changes)).toEqual(status(OK));
    expect(content('test/a.csv')).toBe('lo');
  });

  test('is made durable by fsync@openssh.com, while it is open for writing', async () => {
    const handle = await conversation.open('/test/a.csv', 26);
    const sync = () => conversation.ask(TYPE.extended, string('fsync@openssh.com'), string(handle));
    expect(await sync()).toEqual(status(OK));
    await conversation.close(handle);
    expect(await sync()).toEqual(status(FAILURE));
  });

  test('for which the disk has no room answers each WRITE with the reason, and the session goes on', async () => {
    symlinkSync('/dev/full', path('test/full.csv'));
    const handle = await conversation.open('/test/full.csv', 2);
    const full = expect.objectContaining({ code: FAILURE, text: expect.stringContaining('no space left') });
    expect(await conversation.write(handle, 0, 'x')).toEqual(full);
    expect(await conversation.write(handle, 1, 'y')).toEqual(full);
    expect(await conversation.close(handle)).toEqual(status(OK));
    expect(await conversation.ask(TYPE.stat, string('/test'))).toMatchObject({ is: 'attributes' });
  });

  test('is renamed, but onto another one only with posix-rename', async () => {
    writeFileSync(path('test/a'), 'a');
    writeFileSync(path('test/b'), 'b');
    const names = [string('/test/a'), string('/test/b')];
    expect(await conversation.ask(TYPE.rename, ...names)).toEqual(status(FAILURE));
    expect(content('test/b')).toBe('b');
    expect(await conversation.ask(TYPE.extended, string('posix-rename@openssh.com'), ...names)).toEqual(
      status(OK),
    );
    expect(content('test/b')).toBe('a');
    expect(await conversation.ask(TYPE.rename, string('/test/b'), string('/test/c'))).toEqual(status(OK));
    expect(content('test/c')).toBe('a');
  });

  test('is removed once, and then there is none', async () => {
    writeFileSync(path('test/a'), 'a');
    expect(await conversation.ask(TYPE.remove, string('/test/a'))).toEqual(status(OK));
    expect(await conversation.ask(TYPE.remove, string('/test/a'))).toEqual(status(NO_SUCH_FILE));
  });
});

describe('a folder', () => {
  test('is listed with . and .. and long names, in several answers when it is large', async () => {
    const files = Array.from({ length: 250 }, (_, index) => `file-${String(index).padStart(3, '0')}.csv`);
    for (const name of files) writeFileSync(path(`test/${name}`), name);
    const opened = await conversation.ask(TYPE.opendir, string('/test'));
    if (opened.is !== 'handle') throw new Error('the folder cannot be opened');
    const seen: { name: string; long: string }[] = [];
    let reply = await conversation.ask(TYPE.readdir, string(opened.handle));
    for (; reply.is === 'names'; reply = await conversation.ask(TYPE.readdir, string(opened.handle))) {
      seen.push(...reply.names);
    }
    expect(reply).toEqual(status(EOF));
    expect(seen.map(({ name }) => name)).toEqual(['.', '..', ...files]);
    expect(seen[2]?.long).toMatch(/^-rw-r--r-- +1 partner +partner +12 \w{3} [ \d]\d .{5} file-000\.csv$/);
    expect(await conversation.close(opened.handle)).toEqual(status(OK));
  });

  test('has the type of a folder', async () => {
    expect(await conversation.ask(TYPE.lstat, string('/test'))).toMatchObject({ mode: 0o040755 });
    expect(await conversation.ask(TYPE.stat, string('/'))).toMatchObject({ mode: 0o040755 });
  });

  test('is neither made nor removed, with the reason', async () => {
    expect(await conversation.ask(TYPE.mkdir, string('/new'), NO_ATTRIBUTES)).toMatchObject({
      code: PERMISSION_DENIED,
      text: 'Folders cannot be made here',
    });
    expect(await conversation.ask(TYPE.rmdir, string('/test'))).toEqual(status(PERMISSION_DENIED));
  });
});

describe('what is not there', () => {
  const absent = string('/test/absent');
  test.each([
    ['STAT', TYPE.stat, [absent]],
    ['LSTAT', TYPE.lstat, [absent]],
    ['SETSTAT', TYPE.setstat, [absent, NO_ATTRIBUTES]],
    ['OPENDIR', TYPE.opendir, [absent]],
    ['REMOVE', TYPE.remove, [absent]],
    ['RENAME', TYPE.rename, [absent, string('/test/b')]],
    ['OPEN to read', TYPE.open, [absent, uint32(1), NO_ATTRIBUTES]],
    ['OPEN to write without CREAT', TYPE.open, [absent, uint32(2), NO_ATTRIBUTES]],
  ])('%s answers NO_SUCH_FILE', async (_name, type, fields) => {
    expect(await conversation.ask(type, ...fields)).toEqual(status(NO_SUCH_FILE));
  });

  test.each([
    ['READLINK', TYPE.readlink, [absent]],
    ['SYMLINK', TYPE.symlink, [absent, absent]],
    ['an unknown extension', TYPE.extended, [string('copy-data'), absent]],
    ['a request of a later version', 22, [absent]],
    ['an answer', 101, [uint32(0)]],
    ['a second INIT', TYPE.init, []],
  ])('%s answers OP_UNSUPPORTED', async (_name, type, fields) => {
    expect(await conversation.ask(type, ...fields)).toEqual(status(UNSUPPORTED));
  });
});

describe('a handle', () => {
  test.each([
    ['CLOSE', TYPE.close, []],
    ['READ', TYPE.read, [uint64(0), uint32(1)]],
    ['WRITE', TYPE.write, [uint64(0), string('x')]],
    ['FSTAT', TYPE.fstat, []],
    ['FSETSTAT', TYPE.fsetstat, [NO_ATTRIBUTES]],
    ['READDIR', TYPE.readdir, []],
  ])('that is not open fails with %s', async (_name, type, fields) => {
    for (const handle of ['', '1', '__proto__', 'x'.repeat(10_000)]) {
      expect(await conversation.ask(type, string(handle), ...fields)).toEqual(status(FAILURE));
    }
  });

  test('of a folder or for reading cannot be written to', async () => {
    writeFileSync(path('test/a'), 'a');
    const reading = await conversation.open('/test/a', 1);
    const folder = await conversation.ask(TYPE.opendir, string('/test'));
    expect(await conversation.write(reading, 0, 'x')).toEqual(status(FAILURE));
    if (folder.is === 'handle')
      expect(await conversation.write(folder.handle, 0, 'x')).toEqual(status(FAILURE));
    expect(content('test/a')).toBe('a');
  });

  test('is one of a hundred, and a closed one makes room', async () => {
    writeFileSync(path('test/a'), 'a');
    const handles: Buffer[] = [];
    for (let count = 0; count < 100; count++) handles.push(await conversation.open('/test/a', 1));
    const open = () => conversation.ask(TYPE.open, string('/test/a'), uint32(1), NO_ATTRIBUTES);
    expect(await open()).toEqual(status(FAILURE));
    expect(await conversation.ask(TYPE.opendir, string('/test'))).toEqual(status(FAILURE));
    await conversation.close(handles[0] ?? Buffer.alloc(0));
    expect(await open()).toMatchObject({ is: 'handle' });
  });
});

test('more open files than the limit are refused with a text, and a CLOSE makes room', async () => {
  await conversation.end();
  conversation = await Conversation.begin({ handles: 2 });
  const [first] = [await conversation.open('/test/1.csv', 26), await conversation.open('/test/2.csv', 26)];
  const third = () => conversation.ask(TYPE.open, string('/test/3.csv'), uint32(26), NO_ATTRIBUTES);
  expect(await third()).toMatchObject({
    code: 4,
    text: '2 files are open, which is the most; close some first',
  });
  const limits = await conversation.ask(TYPE.extended, string('limits@openssh.com'));
  expect(limits.is === 'extended' && limits.bytes.readBigUInt64BE(24)).toBe(2n);
  await conversation.close(first);
  expect(await third()).toMatchObject({ is: 'handle' });
});

test('limits@openssh.com tells packet, read, write and handles', async () => {
  const reply = await conversation.ask(TYPE.extended, string('limits@openssh.com'));
  const numbers = [262_144, 261_120, 261_120, 100].map(uint64);
  expect(reply).toMatchObject({ is: 'extended', bytes: Buffer.concat(numbers) });
});

test.each([
  ['.', '/'],
  ['', '/'],
  ['/', '/'],
  ['test', '/test'],
  ['/test/', '/test'],
  ['//test//a.csv', '/test/a.csv'],
  ['/test/../live/./b', '/live/b'],
  ['../../../etc/passwd', '/etc/passwd'],
  ['/..', '/'],
  ['test/Übermut.csv', '/test/Übermut.csv'],
])('REALPATH of %j is %s', async (asked, answer) => {
  expect(await conversation.ask(TYPE.realpath, string(asked))).toMatchObject({ names: [{ name: answer }] });
});

test('no way of writing a path leads out of the root', async () => {
  writeFileSync(join(conversation.root, '..', 'policydrop-secret'), 'secret');
  for (const way of ['..', '../', '/..', 'test/../..', '/test/../../', './..', 'test/./../..']) {
    const asked = string(`${way}/policydrop-secret`);
    expect(await conversation.ask(TYPE.stat, asked)).toEqual(status(NO_SUCH_FILE));
    expect(await conversation.ask(TYPE.open, asked, uint32(1), NO_ATTRIBUTES)).toEqual(status(NO_SUCH_FILE));
  }
});

describe('OPEN', () => {
  const READ = 1;
  const WRITE = 2;
  const APPEND = 4;
  const CREATE = 8;
  const TRUNCATE = 16;
  const EXCLUSIVE = 32;

  /** What the file holds after `new` was written at its start; undefined when it cannot be opened. */
  function expected(flags: number, before: string | undefined): string | undefined {
    const writes = (flags & (WRITE | APPEND)) !== 0;
    if (before === undefined && !(writes && flags & CREATE)) return undefined;
    if (before !== undefined && writes && flags & CREATE && flags & EXCLUSIVE) return undefined;
    const start = writes && flags & TRUNCATE ? '' : (before ?? '');
    if (!writes) return start;
    return flags & APPEND ? `${start}new` : `new${start.slice(3)}`;
  }

  const NAMES = ['READ', 'WRITE', 'APPEND', 'CREAT', 'TRUNC', 'EXCL'];
  const combinations = Array.from({ length: 64 }, (_, flags) => ({
    flags,
    name: NAMES.filter((_name, bit) => flags & (1 << bit)).join('+') || 'nothing',
  }));

  test.each(combinations)('with $name does what its bits say', async ({ flags }) => {
    for (const before of [undefined, 'before']) {
      const name = before ? 'present' : 'absent';
      if (before) writeFileSync(path(`test/${name}`), before);
      const after = expected(flags, before);
      const reply = await conversation.ask(TYPE.open, string(`/test/${name}`), uint32(flags), NO_ATTRIBUTES);
      if (reply.is !== 'handle') {
        expect(after).toBeUndefined();
        expect(reply).toEqual(status(before ? FAILURE : NO_SUCH_FILE));
        if (before) expect(content(`test/${name}`)).toBe(before);
        continue;
      }
      const wrote = await conversation.write(reply.handle, 0, 'new');
      expect(wrote).toEqual(status(flags & (WRITE | APPEND) ? OK : FAILURE));
      expect(await conversation.close(reply.handle)).toEqual(status(OK));
      expect(content(`test/${name}`)).toBe(after);
    }
  });

  test.each([
    ['OpenSSH put', 26, 'new'],
    ['scp and WinSCP resuming', 10, 'newore'],
    ['OpenSSH reput', 14, 'beforenew'],
    ['FileZilla resuming', 2, 'newore'],
    ['sshj resuming', 6, 'beforenew'],
    ['WinSCP asking before it overwrites', 42, undefined],
    ['any client getting', READ, 'before'],
  ])('by %s leaves %3$j', (_client, flags, after) => {
    expect(expected(flags, 'before')).toBe(after);
  });
});
