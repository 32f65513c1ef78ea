import { Unreadable } from '../unreadable.ts';
import type { Package } from './package.ts';
import { stringText } from './string-text.ts';
import { readXml } from './xml.ts';

export const MAX_STRINGS = 4_000_000;
export const MAX_STRINGS_BYTES = 128 * 1024 * 1024;
const FIRST_BYTES = 64 * 1024;

/** The texts that cells refer to by their number. */
export type SharedStrings = (index: number) => string | undefined;

/** Reads the table of shared strings into one buffer, as so many strings would fill the heap. Throws Unreadable. */
export async function readSharedStrings(file: Package, part: string | undefined): Promise<SharedStrings> {
  const ends = new Uint32Array(MAX_STRINGS);
  let count = 0;
  let bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  let used = 0;

  function add(text: string): void {
    const most = 3 * text.length;
    if (count === MAX_STRINGS || used + most > MAX_STRINGS_BYTES) throw tooMany();
    if (used + most > bytes.length) {
      const grown = Buffer.allocUnsafeSlow(2 * (used + most));
      bytes.copy(grown, 0, 0, used);
      bytes = grown;
    }
    used += bytes.write(text, used, 'utf8');
    ends[count++] = used;
  }

  if (part !== undefined) await readXml(file.read(part), stringItems(add));
  return (index) => {
    if (!Number.isInteger(index) || index < 0 || index >= count) return undefined;
    return bytes.toString('utf8', index === 0 ? 0 : ends[index - 1], ends[index]);
  };
}

/** Calls `add` with each item: its text, or that of its runs; how it is pronounced (`rPh`) is no part of it. */
function stringItems(add: (text: string) => void) {
  let text = '';
  let isText = false;
  let phonetic = 0;
  return {
    open(name: string) {
      if (name === 'si') text = '';
      if (name === 'rPh') phonetic++;
      isText = name === 't' && phonetic === 0;
    },
    text(part: string) {
      if (isText) text += part;
    },
    close(name: string) {
      isText = false;
      if (name === 'rPh') phonetic--;
      if (name === 'si') add(stringText(text));
    },
  };
}

function tooMany(): Unreadable {
  return new Unreadable(
    'too_large',
    `The workbook has more than ${MAX_STRINGS} different texts, or ${MAX_STRINGS_BYTES} bytes of them: save it as "CSV UTF-8" and upload that`,
  );
}
