import { isUtf8 } from 'node:buffer';
import type { SpoolReader } from '../inbox/spool.ts';

const BLOCK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;

/** What one pass over a text's bytes tells. */
export type Scan = {
  readonly oddQuotes: boolean;
  readonly endsWithNewline: boolean;
  readonly badByte: { readonly offset: number; readonly value: number } | undefined; // the first that is not UTF-8
  readonly endsInCharacter: boolean; // all is UTF-8 but the last character, which is not complete
};

/** Reads a whole file once, in blocks. */
export async function scan(file: SpoolReader): Promise<Scan> {
  let quotes = 0;
  let last = -1;
  let badByte: Scan['badByte'];
  let rest = Buffer.alloc(0); // of a character that goes on in the next block
  const buffer = Buffer.allocUnsafe(BLOCK_BYTES);
  for (let offset = 0; ; ) {
    const block = await file.read(offset, BLOCK_BYTES, buffer);
    if (block.length === 0) break;
    quotes += countQuotes(block);
    last = block[block.length - 1] ?? -1;
    if (!badByte) {
      const bytes = rest.length === 0 ? block : Buffer.concat([rest, block]);
      const characters = bytes.length - unfinishedBytes(bytes);
      rest = Buffer.from(bytes.subarray(characters));
      badByte = firstBadByte(bytes.subarray(0, characters), offset + block.length - bytes.length);
    }
    offset += block.length;
  }
  const endsInCharacter = !badByte && rest.length > 0;
  if (endsInCharacter) badByte = { offset: file.size - rest.length, value: rest[0] ?? 0 };
  return {
    oddQuotes: quotes % 2 === 1,
    endsWithNewline: last === NEWLINE || last === CARRIAGE_RETURN,
    badByte,
    endsInCharacter,
  };
}

/** The physical line, from 1, that the byte at `offset` stands on. */
export async function lineAt(file: SpoolReader, offset: number): Promise<number> {
  let line = 1;
  let previous = -1;
  for (let at = 0; at < offset; ) {
    const block = await file.read(at, Math.min(BLOCK_BYTES, offset - at));
    for (const byte of block) {
      if (byte === CARRIAGE_RETURN || (byte === NEWLINE && previous !== CARRIAGE_RETURN)) line++;
      previous = byte;
    }
    at += block.length;
  }
  return line;
}

function countQuotes(block: Buffer): number {
  let count = 0;
  for (let i = 0; i < block.length; i++) if (block[i] === QUOTE) count++;
  return count;
}

/** How many bytes at the end begin a UTF-8 character that is not complete: 0 to 3. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < characterBytes(byte) ? back : 0;
  }
  return 0;
}

/** The first byte of `bytes`, which stand at `base` in the file, where no UTF-8 character begins. */
function firstBadByte(bytes: Buffer, base: number): Scan['badByte'] {
  if (isUtf8(bytes)) return undefined;
  for (let at = 0; ; ) {
    const value = bytes[at] ?? 0;
    const next = at + characterBytes(value);
    if (value >= 0x80 && !isUtf8(bytes.subarray(at, next))) return { offset: base + at, value };
    at = next;
  }
}

/** The length of the character that begins with this byte (RFC 3629). */
function characterBytes(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}
