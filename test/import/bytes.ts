import { tmpdir } from 'node:os';
import { inspect } from '../../src/import/inspect.ts';
import { openSource, type Source } from '../../src/import/source/open-source.ts';
import { openScratch } from '../../src/inbox/scratch.ts';
import type { SpoolReader } from '../../src/inbox/spool.ts';

/** Bytes as a file of the spool, for tests that read thousands of small ones. */
export function fileOf(content: string | Uint8Array): SpoolReader {
  const bytes = Buffer.from(content);
  return {
    size: bytes.length,
    read: async (offset, length, into = Buffer.alloc(length)) =>
      into.subarray(0, bytes.copy(into, 0, offset, Math.min(offset + length, bytes.length))),
    readInto: () => Promise.reject(new Error('an import reads no pieces')),
    close: async () => undefined,
  };
}

/** Bytes as an uploaded file. */
export function sourceOf(content: string | Uint8Array): Promise<Source> {
  return openSource(fileOf(content), { openScratch: () => openScratch(tmpdir(), 0) });
}

/** What is found in bytes that should be `expected`. */
export async function inspected(content: string | Uint8Array, expected: number | undefined) {
  await using source = await sourceOf(content);
  return await inspect(source, expected);
}
