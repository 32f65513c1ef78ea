import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { Scratch, SpoolReader } from '../../inbox/spool.ts';
import { blocksOf } from './blocks.ts';
import { Unreadable } from './unreadable.ts';

export const MAX_EXPANDED_BYTES = 8 * 1024 ** 3; // as much as an upload may have
/** A table does not shrink to less, as each row has a key of its own; what does is made to fill disks. */
export const MAX_RATIO = 200;
const RATIO_FLOOR = 1024 * 1024; // bytes that are harmless at any ratio
const CHUNK_BYTES = 256 * 1024;

/** Writes what is compressed in `file` (RFC 1952, also several members) to `scratch`. Throws Unreadable. */
export async function gunzip(file: SpoolReader, scratch: Scratch): Promise<void> {
  const limit = Math.min(MAX_EXPANDED_BYTES, Math.max(RATIO_FLOOR, file.size * MAX_RATIO));
  try {
    await pipeline(
      blocksOf(file),
      createGunzip({ chunkSize: CHUNK_BYTES }),
      async (chunks: AsyncIterable<Buffer>) => {
        let expanded = 0;
        for await (const chunk of chunks) {
          expanded += chunk.length;
          if (expanded > limit) throw tooLarge(limit);
          await scratch.write(chunk);
        }
      },
    );
  } catch (error) {
    throw asUnreadable(error);
  }
}

function tooLarge(limit: number): Unreadable {
  return new Unreadable(
    'too_large',
    `The compressed file holds more than ${limit} bytes: split it, or upload it as it is, without compressing it`,
  );
}

/** What zlib says of the data; any other error is ours. */
function asUnreadable(error: unknown): unknown {
  const { code } = error as { code?: string };
  if (code === 'Z_BUF_ERROR') {
    return new Unreadable('cut_off', 'The compressed file ends too early: its end never arrived');
  }
  if (!code?.startsWith('Z_')) return error;
  const reason = (error as Error).message;
  return new Unreadable(
    'damaged_file',
    `The compressed file is damaged (${reason}): upload it again, in binary mode`,
  );
}
