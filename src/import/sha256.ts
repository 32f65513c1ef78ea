import { createHash } from 'node:crypto';
import type { SpoolReader } from '../inbox/spool.ts';

const BLOCK_BYTES = 1024 * 1024;

/** The SHA-256 of a file's bytes, in hex. */
export async function sha256Of(file: SpoolReader): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let offset = 0; offset < file.size; ) {
    const block = await file.read(offset, BLOCK_BYTES, buffer);
    if (block.length === 0) break;
    hash.update(block);
    offset += block.length;
  }
  return hash.digest('hex');
}
