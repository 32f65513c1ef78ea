import { statfs } from 'node:fs/promises';

/**
 * Bytes of the disk that uploads leave free. The store needs them to record what became of an upload, to remove
 * files, and for its log, which grows to some 80 MB: a disk that partners have filled must not stop all else.
 */
export const RESERVED_BYTES = 256 * 1024 * 1024;
const LOOK_EVERY = 8 * 1024 * 1024; // bytes written between two looks at the disk

/** Throws ENOSPC, as the disk itself would, when `directory` has no more than the reserve left. */
export async function assertRoom(directory: string, reserved: number): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (bavail * bsize > reserved) return;
  throw Object.assign(new Error(`ENOSPC: ${directory} has less than ${reserved} bytes left`), {
    code: 'ENOSPC',
  });
}

/** Like `assertRoom`, before the first of the bytes that are about to be written there, and again every now and then. */
export function roomFor(directory: string, reserved: number): (bytes: number) => Promise<void> {
  let unlooked = LOOK_EVERY;
  return async (bytes) => {
    unlooked += bytes;
    if (unlooked < LOOK_EVERY) return;
    await assertRoom(directory, reserved);
    unlooked = 0;
  };
}
