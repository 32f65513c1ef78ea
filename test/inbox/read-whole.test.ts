import type { FileHandle } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readWhole } from '../../src/inbox/read-whole.ts';

/** A handle on these bytes whose every call gives `most` of them at most, as a file system may. */
function giving(most: number, bytes: Buffer): FileHandle {
  const readv = async (pieces: readonly Uint8Array[], position: number) => {
    let bytesRead = 0;
    for (const piece of pieces) {
      const length = Math.min(piece.length, most - bytesRead);
      bytesRead += bytes.copy(
        piece,
        0,
        Math.min(position + bytesRead, bytes.length),
        position + bytesRead + length,
      );
    }
    return { bytesRead, buffers: pieces };
  };
  return { readv } as unknown as FileHandle;
}

test.each([1, 2, 3, 4, 5, 100])('all pieces are filled when a call gives %i bytes', async (most) => {
  const pieces = [2, 0, 3, 1, 0].map((length) => Buffer.alloc(length));
  expect(await readWhole(giving(most, Buffer.from('...abcdefgh')), pieces, 3)).toBe(6);
  expect(pieces.map(String)).toEqual(['ab', '', 'cde', 'f', '']);
});

test.each([
  [4, 5],
  [9, 0],
  [20, 0],
])('from %i on the file ends after %i bytes', async (position, length) => {
  const pieces = [2, 4].map((size) => Buffer.alloc(size));
  expect(await readWhole(giving(2, Buffer.from('abcdefghi')), pieces, position)).toBe(length);
});
