import type { SpoolReader } from '../inbox/spool.ts';
import type { Encoding } from './encoding.ts';
import type { Scan } from './scan.ts';
import { blocksOf } from './source/blocks.ts';

const SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g; // UTF-8 (RFC 3629)
const HIGH = /[\x80-\xff]/g;
const MEANINGLESS = /[\x81\x8d\x8f\x90\x9d]/; // in Windows-1252
/** Real Windows-1252 hardly ever holds what looks like UTF-8; UTF-8 that was damaged holds it all over. */
const STRAY_PER_SEQUENCE = 10;

/**
 * UTF-8 when all of the text is; else Windows-1252, unless most of it looks like UTF-8 that has been damaged, or
 * bytes have no meaning there: undefined. Looks at the whole file, as a first umlaut may stand in its last row.
 */
export async function detectEncoding(file: SpoolReader, { badByte }: Scan): Promise<Encoding | undefined> {
  if (!badByte) return 'utf-8';
  let sequences = 0;
  let high = 0;
  for await (const block of blocksOf(file)) {
    const text = block.toString('latin1');
    sequences += count(text, SEQUENCE);
    high += count(text.replace(SEQUENCE, ''), HIGH);
    if (MEANINGLESS.test(text.replace(SEQUENCE, ''))) return undefined;
  }
  return sequences * STRAY_PER_SEQUENCE <= high ? 'windows-1252' : undefined;
}

function count(text: string, what: RegExp): number {
  return text.match(what)?.length ?? 0;
}
