import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { openReader } from './local-upload.ts';
import { roomFor } from './room.ts';
import { writeWhole } from './write-whole.ts';

/** Room on the disk for what is only needed for a while; leaves `reserved` bytes of it free. */
export async function openScratch(directory: string, reserved: number) {
  const path = join(directory, `scratch-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  await unlink(path);
  const makeSureOfRoom = roomFor(directory, reserved);
  let size = 0;
  return {
    write: async (bytes: Uint8Array) => {
      await makeSureOfRoom(bytes.length);
      await writeWhole(handle, [bytes], size);
      size += bytes.length;
    },
    read: () => openReader(handle, size),
    close: () => handle.close(),
  };
}
