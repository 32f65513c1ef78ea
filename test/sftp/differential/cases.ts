// Requests whose answers are compared with those of OpenSSH's sftp-server. In each case `FILE` is a name of its own; paths are
// relative, because the two servers have other roots.
import { string, uint32, uint64 } from '../../../src/sftp/protocol/wire.ts';
import { NO_ATTRIBUTES, TYPE } from '../protocol/a-conversation.ts';

/** A request, which may stand on handles that are open, by the names that the case gives them. */
export type Step = {
  readonly type: number;
  readonly fields: (file: string, handle: (name: string) => Buffer) => readonly Uint8Array[];
  /** What the case calls the handle that comes back. */
  readonly as?: string;
};

const FLAGS = { READ: 1, WRITE: 2, APPEND: 4, CREAT: 8, TRUNC: 16, EXCL: 32 };
const PUT = FLAGS.WRITE | FLAGS.CREAT | FLAGS.TRUNC;
const sizeOf = (size: number) => Buffer.concat([uint32(1), uint64(size)]);
const times = (seconds: number) => Buffer.concat([uint32(8), uint32(seconds), uint32(seconds)]);

const onPath = (type: number, path: string, ...rest: readonly Uint8Array[]): Step => ({
  type,
  fields: (file) => [string(path.replace('FILE', file)), ...rest],
});
const onHandle = (type: number, name: string, ...rest: readonly Uint8Array[]): Step => ({
  type,
  fields: (_file, handle) => [string(handle(name)), ...rest],
});
const onTwoPaths = (type: number, from: string, to: string): Step => ({
  type,
  fields: (file) => [string(from.replace('FILE', file)), string(to.replace('FILE', file))],
});
const extended = (name: string, step: Step): Step => ({
  ...step,
  type: TYPE.extended,
  fields: (file, handle) => [string(name), ...step.fields(file, handle)],
});

const open = (path: string, flags: number, as = 'h'): Step => ({
  ...onPath(TYPE.open, path, uint32(flags), NO_ATTRIBUTES),
  as,
});
const opendir = (path: string, as = 'h'): Step => ({ ...onPath(TYPE.opendir, path), as });
const close = (name = 'h') => onHandle(TYPE.close, name);
const read = (offset: number, length = 10, name = 'h') =>
  onHandle(TYPE.read, name, uint64(offset), uint32(length));
const write = (offset: number, text: string, name = 'h') =>
  onHandle(TYPE.write, name, uint64(offset), string(text));
const stat = (path = 'test/FILE') => onPath(TYPE.stat, path);
const put = (path = 'test/FILE', text = '12345') => [open(path, PUT), write(0, text), close()];
const rename = (from: string, to: string) => onTwoPaths(TYPE.rename, from, to);
const posixRename = (from: string, to: string) => extended('posix-rename@openssh.com', rename(from, to));

export const CASES: ReadonlyMap<string, readonly Step[]> = new Map(
  Object.entries({
    ...everyOpen(),
    'READ at the end': [...put(), open('test/FILE', 1), read(5), read(4), close()],
    'READ behind the end': [...put(), open('test/FILE', 1), read(100), close()],
    'READ of nothing': [...put(), open('test/FILE', 1), read(0, 0), close()],
    'READ with a handle that writes': [open('test/FILE', PUT), read(0), close()],
    'READ with a handle that reads and writes': [
      open('test/FILE', PUT | 1),
      write(0, 'ab'),
      read(1),
      close(),
    ],
    'READ with a handle of a folder': [opendir('test'), read(0), close()],
    'WRITE with a handle that reads': [...put(), open('test/FILE', 1), write(0, 'x'), close(), stat()],
    'WRITE with a handle that is closed': [...put(), write(0, 'x'), stat()],
    'WRITE in any order': [open('test/FILE', PUT), write(3, 'def'), write(0, 'abc'), close(), stat()],
    'WRITE over': [...put(), open('test/FILE', 2), write(1, 'x'), close(), stat()],
    'WRITE behind the end': [open('test/FILE', PUT), write(10, 'x'), close(), stat()],
    'WRITE of nothing': [open('test/FILE', PUT), write(5, ''), close(), stat()],
    'WRITE with APPEND, whatever the offset': [
      ...put(),
      open('test/FILE', 6),
      write(0, 'x'),
      close(),
      stat(),
    ],
    'CLOSE twice': [...put(), close()],
    'CLOSE of no handle': [close('none')],
    'READ with no handle': [read(0)],
    'WRITE with no handle': [write(0, 'x')],
    'FSETSTAT with no handle': [onHandle(TYPE.fsetstat, 'none', sizeOf(2))],
    'FSTAT of no handle': [onHandle(TYPE.fstat, 'none')],
    FSTAT: [open('test/FILE', PUT), write(0, 'abc'), onHandle(TYPE.fstat, 'h'), close()],
    'FSTAT of a folder': [opendir('test'), onHandle(TYPE.fstat, 'h'), close()],
    'FSETSTAT makes shorter': [
      ...put(),
      open('test/FILE', 2),
      onHandle(TYPE.fsetstat, 'h', sizeOf(2)),
      close(),
      stat(),
    ],
    'FSETSTAT makes longer': [
      ...put(),
      open('test/FILE', 2),
      onHandle(TYPE.fsetstat, 'h', sizeOf(9)),
      close(),
      stat(),
    ],
    'FSETSTAT of the time': [
      open('test/FILE', PUT),
      onHandle(TYPE.fsetstat, 'h', times(1_000)),
      close(),
      stat(),
    ],
    'FSETSTAT with a handle that reads': [
      ...put(),
      open('test/FILE', 1),
      onHandle(TYPE.fsetstat, 'h', sizeOf(2)),
      close(),
    ],
    'SETSTAT makes shorter': [...put(), onPath(TYPE.setstat, 'test/FILE', sizeOf(2)), stat()],
    'SETSTAT makes longer': [...put(), onPath(TYPE.setstat, 'test/FILE', sizeOf(9)), stat()],
    'SETSTAT of the time': [...put(), onPath(TYPE.setstat, 'test/FILE', times(1_000)), stat()],
    'SETSTAT of nothing': [...put(), onPath(TYPE.setstat, 'test/FILE', NO_ATTRIBUTES)],
    'SETSTAT of what is not there': [onPath(TYPE.setstat, 'test/FILE', times(1))],
    'lsetstat of the time': [
      ...put(),
      extended('lsetstat@openssh.com', onPath(0, 'test/FILE', times(1_000))),
      stat(),
    ],
    'lsetstat of what is not there': [extended('lsetstat@openssh.com', onPath(0, 'test/FILE', times(1)))],
    'STAT of what is not there': [stat()],
    'STAT of a folder': [stat('test'), stat('test/'), stat('.'), stat('')],
    'STAT below a file': [...put(), stat('test/FILE/x')],
    LSTAT: [...put(), onPath(TYPE.lstat, 'test/FILE'), onPath(TYPE.lstat, 'test/absent')],
    REMOVE: [...put(), onPath(TYPE.remove, 'test/FILE'), stat()],
    'REMOVE of what is not there': [onPath(TYPE.remove, 'test/FILE')],
    'REMOVE of a folder': [onPath(TYPE.remove, 'test')],
    RENAME: [...put(), rename('test/FILE', 'test/FILE.new'), stat(), stat('test/FILE.new')],
    'RENAME onto what is there': [
      ...put(),
      ...put('test/FILE.new', '1'),
      rename('test/FILE', 'test/FILE.new'),
      stat(),
    ],
    'RENAME onto itself': [...put(), rename('test/FILE', 'test/FILE'), stat()],
    'RENAME of what is not there': [rename('test/FILE', 'test/FILE.new')],
    'RENAME into the other folder': [...put(), rename('test/FILE', 'live/FILE'), stat()],
    'posix-rename into the other folder': [...put(), posixRename('test/FILE', 'live/FILE'), stat()],
    'RENAME of a folder': [rename('test', 'live'), stat('test')],
    'RENAME into a folder that is not there': [...put(), rename('test/FILE', 'test/absent/FILE'), stat()],
    'posix-rename': [...put(), posixRename('test/FILE', 'test/FILE.new'), stat(), stat('test/FILE.new')],
    'posix-rename onto what is there': [
      ...put(),
      ...put('test/FILE.new', '1'),
      posixRename('test/FILE', 'test/FILE.new'),
      stat('test/FILE.new'),
    ],
    'posix-rename onto itself': [...put(), posixRename('test/FILE', 'test/FILE'), stat()],
    'posix-rename of what is not there': [posixRename('test/FILE', 'test/FILE.new')],
    MKDIR: [onPath(TYPE.mkdir, 'test/FILE', NO_ATTRIBUTES)],
    'MKDIR of what is there': [onPath(TYPE.mkdir, 'test', NO_ATTRIBUTES)],
    'RMDIR of a folder': [...put(), onPath(TYPE.rmdir, 'test'), stat('test')],
    'RMDIR of what is not there': [onPath(TYPE.rmdir, 'FILE')],
    'OPENDIR of what is not there': [opendir('FILE')],
    'OPENDIR of a file': [...put(), opendir('test/FILE')],
    'READDIR to the end': [
      opendir('live'),
      onHandle(TYPE.readdir, 'h'),
      onHandle(TYPE.readdir, 'h'),
      onHandle(TYPE.readdir, 'h'),
      close(),
    ],
    'READDIR with a handle of a file': [open('test/FILE', PUT), onHandle(TYPE.readdir, 'h'), close()],
    'READDIR of no handle': [onHandle(TYPE.readdir, 'none')],
    REALPATH: ['.', '', 'test', './test/../live', 'test/FILE', 'absent'].map((path) =>
      onPath(TYPE.realpath, path),
    ),
    'REALPATH above the root': [onPath(TYPE.realpath, '/..'), onPath(TYPE.realpath, '/')],
    'REALPATH below what is not there': [onPath(TYPE.realpath, 'absent/FILE')],
    READLINK: [...put(), onPath(TYPE.readlink, 'test/FILE')],
    SYMLINK: [...put(), onTwoPaths(TYPE.symlink, 'test/FILE', 'test/FILE.link')],
    fsync: [open('test/FILE', PUT), write(0, 'a'), extended('fsync@openssh.com', onHandle(0, 'h')), close()],
    'fsync of no handle': [extended('fsync@openssh.com', onHandle(0, 'none'))],
    limits: [{ type: TYPE.extended, fields: () => [string('limits@openssh.com')] }],
    statvfs: [extended('statvfs@openssh.com', onPath(0, 'test'))],
    'statvfs of what is not there': [extended('statvfs@openssh.com', onPath(0, 'FILE'))],
    fstatvfs: [open('test/FILE', PUT), extended('fstatvfs@openssh.com', onHandle(0, 'h')), close()],
    'fstatvfs of no handle': [extended('fstatvfs@openssh.com', onHandle(0, 'none'))],
    'expand-path': ['test', 'test/FILE', '.'].map((path) =>
      extended('expand-path@openssh.com', onPath(0, path)),
    ),
    'an unknown extension': [extended('nothing@example.com', onPath(0, 'test'))],
    'copy-data': [
      ...put(),
      open('test/FILE', 1, 'from'),
      open('test/FILE.copy', PUT, 'to'),
      extended('copy-data', {
        type: 0,
        fields: (_file, handle) => [
          string(handle('from')),
          uint64(0),
          uint64(0),
          string(handle('to')),
          uint64(0),
        ],
      }),
      close('from'),
      close('to'),
    ],
    hardlink: [...put(), extended('hardlink@openssh.com', onTwoPaths(0, 'test/FILE', 'test/FILE.link'))],
    'an empty name': [
      ...[open('', 1), open('', PUT), opendir('')],
      ...[TYPE.lstat, TYPE.remove, TYPE.rmdir, TYPE.readlink].map((type) => onPath(type, '')),
      ...[TYPE.setstat, TYPE.mkdir].map((type) => onPath(type, '', NO_ATTRIBUTES)),
      ...[...put(), rename('test/FILE', ''), rename('', 'test/FILE.new'), posixRename('test/FILE', '')],
      ...[extended('statvfs@openssh.com', onPath(0, '')), extended('', onPath(0, 'test'))],
    ],
    'a name with a line end': [open('test/FILE\n.csv', PUT)],
    'a name that is too long': [open(`test/${'x'.repeat(256)}`, PUT)],
    'a folder as a file': [open('test', 1), open('test', PUT), open('.', 1)],
  }),
);

/** All combinations of the six flags, on a file that is there and on one that is not. */
function everyOpen(): Record<string, readonly Step[]> {
  const cases: Record<string, readonly Step[]> = {};
  for (let flags = 0; flags < 64; flags++) {
    const named = Object.entries(FLAGS).flatMap(([name, bit]) => (flags & bit ? [name] : []));
    const opening = `OPEN ${named.join('|') || 'without flags'}`;
    const afterwards = [write(0, 'ab'), read(0), close(), stat()];
    cases[`${opening}, absent`] = [open('test/FILE', flags), ...afterwards];
    cases[`${opening}, there`] = [...put(), open('test/FILE', flags), ...afterwards];
  }
  return cases;
}
