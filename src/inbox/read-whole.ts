import type { FileHandle } from 'node:fs/promises';
import { behind } from './write-whole.ts';

/** Fills all of the pieces, one behind the other, from `position` on, or until the file ends; how many bytes these are. */
export async function readWhole(
  handle: FileHandle,
  pieces: readonly Uint8Array[],
  position: number,
): Promise<number> {
  let [rest, at] = [pieces, position];
  while (rest.length > 0) {
    const { bytesRead } = await handle.readv(rest, at);
    if (bytesRead === 0) break;
    rest = behind(rest, bytesRead);
    at += bytesRead;
  }
  return at - position;
}
