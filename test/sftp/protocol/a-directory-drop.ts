// A drop that is a plain directory: a real neighbour for the SFTP layer, without the inbox's rules.
import { constants } from 'node:fs';
import {
  type FileHandle,
  open,
  readdir,
  rename,
  stat,
  statfs,
  truncate,
  unlink,
  utimes,
} from 'node:fs/promises';
import { join } from 'node:path';
import { ok, type Result, refused } from '../../../src/domain/refusal.ts';
import type { Attributes, Changes, Drop, DropRefusal, WriteFlags } from '../../../src/inbox/drop.ts';
import { readWhole } from '../../../src/inbox/read-whole.ts';

const CODES: Readonly<Record<string, DropRefusal>> = {
  ENOENT: 'no_such_file',
  ENOTDIR: 'no_such_file',
  EEXIST: 'already_exists',
  EISDIR: 'not_allowed',
  ENOSPC: 'failed',
};

/** `journal` is told how each handle came to its end, `held` has those that are open. */
export function directoryDrop(root: string, journal: string[] = [], held = new Set<FileHandle>()): Drop {
  const at = (path: string) => join(root, path);
  return {
    stat: (path) => attempt(async () => attributesOf(await stat(at(path)))),
    list: (path) =>
      attempt(async () => {
        const names = (await readdir(at(path))).sort();
        return Promise.all(
          names.map(async (name) => ({ name, ...attributesOf(await stat(at(join(path, name)))) })),
        );
      }),
    openRead: (path) =>
      attempt(async () => {
        const file = await opened(at(path), 'r');
        return {
          attributes: async () => attributesOf(await file.stat()),
          read: (offset, ...into) => attempt(() => readWhole(file, into, offset)),
          close: () => closed(file, `closed ${path}`),
        };
      }),
    openWrite: (path, flags) =>
      attempt(async () => {
        const file = await opened(at(path), bits(flags));
        return {
          attributes: async () => attributesOf(await file.stat()),
          read: (offset, ...into) => attempt(() => readWhole(file, into, offset)),
          write: (offset, ...pieces) => done(() => file.writev(pieces, offset)),
          change: ({ size, mtime }) =>
            done(async () => {
              if (size !== undefined) await file.truncate(size);
              if (mtime !== undefined) await file.utimes(mtime / 1000, mtime / 1000);
            }),
          sync: () => done(() => file.sync()),
          close: () => done(() => closed(file, `committed ${path}`)),
          abandon: () => closed(file, `abandoned ${path}`),
        };
      }),
    rename: async (from, to, replace) => {
      const there = await attempt(() => stat(at(to)));
      if (there.ok && !replace) return refused('already_exists', `${to} is there already`);
      return done(() => rename(at(from), at(to)));
    },
    remove: (path) => done(() => unlink(at(path))),
    change: (path, { size, mtime }: Changes) =>
      done(async () => {
        await stat(at(path));
        if (size !== undefined) await truncate(at(path), size);
        if (mtime !== undefined) await utimes(at(path), mtime / 1000, mtime / 1000);
      }),
    space: async () => {
      const { bsize: blockSize, blocks, bavail: free, files, ffree: freeFiles } = await statfs(root);
      return { blockSize, blocks, free, files, freeFiles, longestName: 255 };
    },
    makeFolder: async () => refused('not_allowed', 'Folders cannot be made here'),
    removeFolder: async () => refused('not_allowed', 'Folders cannot be removed here'),
  };

  async function opened(path: string, flags: string | number): Promise<FileHandle> {
    const file = await open(path, flags);
    held.add(file);
    return file;
  }

  async function closed(file: FileHandle, how: string): Promise<void> {
    await file.close();
    held.delete(file);
    journal.push(how);
  }
}

function bits({ read, create, truncate, exclusive, append }: WriteFlags): number {
  return (
    (read ? constants.O_RDWR : constants.O_WRONLY) |
    (create ? constants.O_CREAT : 0) |
    (truncate ? constants.O_TRUNC : 0) |
    (exclusive ? constants.O_EXCL : 0) |
    (append ? constants.O_APPEND : 0)
  );
}

function attributesOf(found: { isDirectory(): boolean; size: number; mtimeMs: number }): Attributes {
  return { kind: found.isDirectory() ? 'folder' : 'file', size: found.size, mtime: found.mtimeMs };
}

async function done(work: () => Promise<unknown>): Promise<Result<undefined, DropRefusal>> {
  return attempt(async () => {
    await work();
    return undefined;
  });
}

async function attempt<T>(work: () => Promise<T>): Promise<Result<T, DropRefusal>> {
  try {
    return ok(await work());
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const refusal = CODES[code ?? ''];
    if (refusal) return refused(refusal, message);
    throw new Error('the directory failed', { cause: error });
  }
}
