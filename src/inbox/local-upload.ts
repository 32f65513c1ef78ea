import { type FileHandle, open } from 'node:fs/promises';
import type { FileId } from '../domain/ids.ts';
import { isThere } from './disk-error.ts';
import { readWhole } from './read-whole.ts';
import { spoolPath } from './spool-path.ts';
import { lengthOf, writeWhole } from './write-whole.ts';

/** Opens a spooled file for reading; throws when it is not there. */
export async function openLocalReader(path: string) {
  const handle = await open(path, 'r');
  return openReader(handle, (await handle.stat()).size);
}

/** What the uploads of one spool share: where they lie, and looks at the disk and syncs of its names. */
export type SpoolDirectory = {
  readonly path: string;
  /** Throws ENOSPC when the disk has too little room for more bytes. */
  makeSureOfRoom(bytes: number): Promise<void>;
  /** New names survive a power cut. */
  sync(): Promise<void>;
};

/**
 * Opens an upload for writing, and makes it where it is not there. It keeps account of its size, which is therefore
 * known without waiting, and after `close()` too; an upload is not to be open twice at a time.
 */
export async function openLocalUpload(directory: SpoolDirectory, file: FileId) {
  const opened = await openOrMake(spoolPath(directory.path, file));
  const { handle } = opened;
  let { size } = opened;

  async function write(offset: number, ...pieces: readonly Uint8Array[]): Promise<void> {
    const length = lengthOf(pieces);
    if (length === 0) return; // beyond the end, too, this does not make a file longer
    await directory.makeSureOfRoom(length);
    try {
      await writeWhole(handle, pieces, offset);
      size = Math.max(size, offset + length);
    } catch (error) {
      size = (await handle.stat()).size; // a part may have been written
      throw error;
    }
  }

  return {
    ...openReader(handle, size),
    write,
    truncate: async (to: number) => {
      if (to !== size) await handle.truncate(to);
      size = to;
    },
    currentSize: async () => size,
    sync: durability(handle, directory),
  };
}

/** A new file is empty: one call less for each of many small ones. */
async function openOrMake(path: string): Promise<{ handle: FileHandle; size: number }> {
  try {
    return { handle: await open(path, 'wx+', 0o600), size: 0 };
  } catch (error) {
    if (!isThere(error)) throw error;
    const handle = await open(path, 'r+');
    return { handle, size: (await handle.stat()).size };
  }
}

/** The first `size` bytes of an open file. */
export function openReader(handle: FileHandle, size: number) {
  return {
    size,
    read: async (offset: number, length: number, buffer = Buffer.allocUnsafe(length)) => {
      const bytes = buffer.subarray(0, length);
      return bytes.subarray(0, await readWhole(handle, [bytes], offset));
    },
    readInto: (offset: number, pieces: readonly Buffer[]) => readWhole(handle, pieces, offset),
    close: () => handle.close(),
  };
}

/**
 * The first sync also makes the file's name durable: whoever made the file may have died before that. After a failed
 * sync every later one fails too, because the kernel has then forgotten which pages it could not write.
 */
function durability(handle: FileHandle, directory: SpoolDirectory): () => Promise<void> {
  let named = false;
  let lost: unknown;
  return async () => {
    if (lost) throw new Error('An earlier sync of this upload failed', { cause: lost });
    try {
      await Promise.all([handle.datasync(), named || directory.sync()]);
      named = true;
    } catch (error) {
      lost = error;
      throw error;
    }
  };
}
