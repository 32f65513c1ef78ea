import type { SpoolReader } from '../../src/inbox/spool.ts';

/** Bytes as a file of the spool, for tests that read thousands of small ones. */
export function fileOf(content: string | Uint8Array): SpoolReader {
  const bytes = Buffer.from(content);
  return {
    size: bytes.length,
    read: async (offset, length) => Buffer.from(bytes.subarray(offset, offset + length)),
    close: async () => undefined,
  };
}
