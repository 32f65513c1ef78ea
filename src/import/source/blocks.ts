import type { SpoolReader } from '../../inbox/spool.ts';

const BLOCK_BYTES = 256 * 1024;

/** A file's bytes from the first to the last, a block at a time. */
export async function* blocksOf(file: SpoolReader): AsyncGenerator<Buffer> {
  for (let offset = 0; ; ) {
    const block = await file.read(offset, BLOCK_BYTES);
    if (block.length === 0) return;
    yield block;
    offset += block.length;
  }
}
