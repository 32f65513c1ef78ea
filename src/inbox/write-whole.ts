import type { FileHandle } from 'node:fs/promises';

/** All of the pieces, one behind the other, at `position`; a write call may take fewer bytes than it was given. */
export async function writeWhole(
  handle: FileHandle,
  pieces: readonly Uint8Array[],
  position: number,
): Promise<void> {
  let [rest, at] = [pieces, position];
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest, at);
    rest = behind(rest, bytesWritten);
    at += bytesWritten;
  }
}

/** What is left of pieces without their first bytes. */
export function behind(pieces: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let before = bytes;
  const first = pieces.findIndex(({ length }) => {
    if (before < length) return true;
    before -= length;
    return false;
  });
  if (first === -1) return [];
  const [begun, ...more] = pieces.slice(first);
  return begun ? [begun.subarray(before), ...more] : more;
}

export function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
