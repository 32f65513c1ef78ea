import { chmod, constants, copyFile, mkdir, stat, statfs, unlink } from 'node:fs/promises';
import type { FileId } from '../domain/ids.ts';
import type { Entry } from '../domain/upload.ts';
import { isDiskFull, isMissing } from './disk-error.ts';
import type { Space } from './drop.ts';
import { directorySync, makeDurable } from './durable.ts';
import { createLocalReport } from './local-report.ts';
import { openLocalReader, openLocalUpload } from './local-upload.ts';
import { assertRoom, RESERVED_BYTES, roomFor } from './room.ts';
import { openScratch } from './scratch.ts';
import { spoolPath } from './spool-path.ts';

/** Where uploaded bytes and reports live; a local directory here, later also a bucket. */
export type Spool = {
  /** For reading; throws when the bytes are not there. */
  open(file: FileId, content: Entry['content']): Promise<SpoolReader>;
  /** A new or existing upload, for writing; durable from `sync()` on. Of one that `isNew` nobody looks for bytes elsewhere. */
  openUpload(file: FileId, isNew?: boolean): Promise<SpoolUpload>;
  /** Makes `to` begin with the bytes of `from`. */
  copy(from: FileId, to: FileId): Promise<void>;
  /** A file of which these are all bytes, durable when this resolves. */
  put(file: FileId, bytes: Uint8Array): Promise<void>;
  /** Takes a whole local file in, durable when this resolves; gives its size. */
  take(file: FileId, localPath: string): Promise<number>;
  /** A report, invisible until `commit()`, which makes it durable and gives its size; replaces an older one. */
  createReport(file: FileId, content: 'report' | 'rejected'): Promise<SpoolReport>;
  /** Room for what is needed for a while only. */
  openScratch(): Promise<Scratch>;
  /** The upload and its reports; what is not there is no error. */
  remove(file: FileId): Promise<void>;
  /** 0 when no byte has come yet. */
  size(file: FileId): Promise<number>;
  space(): Promise<SpoolSpace>;
  /** Whether uploads may have so many bytes more of the disk. */
  hasRoom(bytes: number): Promise<boolean>;
};

/** What uploads may still fill, in blocks of `blockSize` bytes. */
export type SpoolSpace = Omit<Space, 'longestName'>;

export type SpoolReader = {
  readonly size: number;
  /** Up to `length` bytes at `offset`; empty at the end. They are in `into` where it is given, and stay until its next use. */
  read(offset: number, length: number, into?: Buffer): Promise<Buffer>;
  /** From `offset` until all of `pieces` is full or the file ends; how many bytes these are. */
  readInto(offset: number, pieces: readonly Buffer[]): Promise<number>;
  close(): Promise<void>;
};

export type SpoolUpload = SpoolReader & {
  write(offset: number, ...pieces: readonly Uint8Array[]): Promise<void>;
  truncate(size: number): Promise<void>;
  currentSize(): Promise<number>;
  sync(): Promise<void>;
};

/** A file without a name: nobody else sees it, and it is gone when it is closed, by a crash too. */
export type Scratch = {
  /** Appends; throws ENOSPC when the disk has too little room for it. */
  write(bytes: Uint8Array): Promise<void>;
  /** What has been written so far; its `close()` closes the scratch. */
  read(): SpoolReader;
  close(): Promise<void>;
};

export type SpoolReport = {
  write(bytes: Uint8Array | string): Promise<void>;
  commit(): Promise<number>;
  /** Leaves it unfinished, to be begun anew. */
  discard(): Promise<void>;
};

/**
 * The spool in `directory`, made when it is not there; nobody but this user may look into it. Files are named by
 * their id, never by what a partner called them. A full disk is thrown as the ENOSPC it is, and a little earlier:
 * uploads leave `reserved` bytes free.
 */
export async function localSpool(directory: string, reserved = RESERVED_BYTES): Promise<Spool> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await chmod(directory, 0o700); // it may have been there, and open to others

  const uploads = {
    path: directory,
    makeSureOfRoom: roomFor(directory, reserved),
    sync: directorySync(directory),
  };

  async function copyIn(from: string, file: FileId): Promise<void> {
    const to = spoolPath(directory, file);
    await assertRoom(directory, reserved);
    await copyFile(from, to, constants.COPYFILE_FICLONE);
    await chmod(to, 0o600); // copyFile gives the copy the mode of its source
    await makeDurable(to);
    await uploads.sync();
  }

  return {
    open: (file, content) => openLocalReader(spoolPath(directory, file, content)),
    openUpload: (file) => openLocalUpload(uploads, file),
    copy: (from, to) => copyIn(spoolPath(directory, from), to),
    put: async (file, bytes) => {
      const upload = await openLocalUpload(uploads, file);
      try {
        await upload.truncate(0);
        await upload.write(0, bytes);
        await upload.sync();
      } finally {
        await upload.close();
      }
    },
    hasRoom: (bytes) =>
      uploads.makeSureOfRoom(bytes).then(
        () => true,
        (error) => {
          if (isDiskFull(error)) return false;
          throw error;
        },
      ),
    take: async (file, localPath) => {
      await copyIn(localPath, file);
      return (await stat(spoolPath(directory, file))).size;
    },
    createReport: (file, content) => createLocalReport(directory, file, content),
    openScratch: () => openScratch(directory, reserved),
    remove: async (file) => {
      for (const content of ['file', 'report', 'rejected'] as const) {
        await unlink(spoolPath(directory, file, content)).catch(unlessMissing);
      }
    },
    space: async () => {
      const { bsize: blockSize, blocks, bavail, files, ffree: freeFiles } = await statfs(directory);
      const free = Math.max(0, bavail - Math.ceil(reserved / blockSize));
      return { blockSize, blocks, free, files, freeFiles };
    },
    size: async (file) => {
      try {
        return (await stat(spoolPath(directory, file))).size;
      } catch (error) {
        unlessMissing(error);
        return 0;
      }
    },
  };
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
