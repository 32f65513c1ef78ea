import { constants, type FileHandle, open } from 'node:fs/promises';
import type { FileId } from '../domain/ids.ts';
import { syncDirectory } from './durable.ts';
import { roomFor } from './room.ts';
import { spoolPath } from './spool-path.ts';
import { writeWhole } from './write-whole.ts';

/** Opens a spooled file for reading; throws when it is not there. */
export async function openLocalReader(path: string) {
  const handle = await open(path, 'r');
  return reader(handle, (await handle.stat()).size);
}

/**
 * Opens an upload for writing, and makes it where it is not there. It keeps account of its size, which is therefore
 * known without waiting, and after `close()` too; an upload is not to be open twice at a time. `reserved` bytes of
 * the disk are left free.
 */
export async function openLocalUpload(directory: string, file: FileId, reserved: number) {
  const flags = constants.O_RDWR | constants.O_CREAT;
  const handle = await open(spoolPath(directory, file), flags, 0o600);
  let { size } = await handle.stat();
  const makeSureOfRoom = roomFor(directory, reserved);

  async function write(offset: number, bytes: Uint8Array): Promise<void> {
    await makeSureOfRoom(bytes.length);
    try {
      await writeWhole(handle, bytes, offset);
      size = Math.max(size, offset + bytes.length);
    } catch (error) {
      size = (await handle.stat()).size; // a part may have been written
      throw error;
    }
  }

  return {
    ...reader(handle, size),
    write,
    append: (bytes: Uint8Array) => write(size, bytes),
    truncate: async (to: number) => {
      await handle.truncate(to);
      size = to;
    },
    currentSize: async () => size,
    sync: durability(handle, directory),
  };
}

function reader(handle: FileHandle, size: number) {
  return {
    size,
    read: async (offset: number, length: number, buffer = Buffer.allocUnsafe(length)) => {
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await handle.read(buffer, filled, length - filled, offset + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    close: () => handle.close(),
  };
}

/**
 * The first sync also makes the file's name durable: whoever made the file may have died before that. After a failed
 * sync every later one fails too, because the kernel has then forgotten which pages it could not write.
 */
function durability(handle: FileHandle, directory: string): () => Promise<void> {
  let named = false;
  let lost: unknown;
  return async () => {
    if (lost) throw new Error('An earlier sync of this upload failed', { cause: lost });
    try {
      await handle.datasync();
      if (!named) await syncDirectory(directory);
      named = true;
    } catch (error) {
      lost = error;
      throw error;
    }
  };
}
