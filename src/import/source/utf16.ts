import type { Scratch, SpoolReader } from '../../inbox/spool.ts';
import { blocksOf } from './blocks.ts';
import { Unreadable } from './unreadable.ts';

export type Utf16 = 'utf-16le' | 'utf-16be';

/** Writes UTF-16 text to `scratch` as UTF-8, a byte order mark too. Throws Unreadable. */
export async function decodeUtf16(file: SpoolReader, encoding: Utf16, scratch: Scratch): Promise<void> {
  if (file.size % 2 === 1) throw new Unreadable('cut_off', 'The file ends in the middle of a character');
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let line = 1;
  const decode = (bytes?: Buffer) => {
    try {
      return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
    } catch {
      const message = `Line ${line}, or one soon after it, is not UTF-16 text: save the file as UTF-8, in Excel with "Save as", "CSV UTF-8 (comma delimited)"`;
      throw new Unreadable('invalid_encoding', message);
    }
  };
  for await (const block of blocksOf(file)) {
    const text = decode(block);
    line += text.split('\n').length - 1;
    await scratch.write(Buffer.from(text));
  }
  decode();
}

/** UTF-8 text as the UTF-16 that it was decoded from. */
export function encodeUtf16(text: Buffer, encoding: Utf16): Buffer {
  const bytes = Buffer.from(text.toString('utf8'), 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
}
