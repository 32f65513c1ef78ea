import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from '../../src/inbox/write-whole.ts';

/** A handle whose every call takes `most` bytes at most, as a file system may. */
function taking(most: number, handle: FileHandle): FileHandle {
  const writev = async (pieces: readonly Uint8Array[], position: number) => {
    const bytes = Buffer.concat(pieces).subarray(0, most);
    await handle.write(bytes, 0, bytes.length, position);
    return { bytesWritten: bytes.length, buffers: pieces };
  };
  return { writev } as unknown as FileHandle;
}

test.each([1, 2, 3, 4, 5, 100])('all pieces are written when a call takes %i bytes', async (most) => {
  const directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  const file = join(directory, 'file');
  const handle = await open(file, 'w');
  const pieces = ['ab', '', 'cde', 'f', ''].map((text) => Buffer.from(text));
  await writeWhole(taking(most, handle), pieces, 3);
  await handle.close();
  expect(readFileSync(file, 'latin1')).toBe('\0\0\0abcdef');
  rmSync(directory, { recursive: true });
});
