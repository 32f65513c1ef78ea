/** How the characters of a text stand in its bytes. */
export type Encoding = 'utf-8' | 'windows-1252';

/** What the bytes 80 to 9F mean (WHATWG Encoding, index windows-1252); the five without a meaning stay controls. */
const SPECIAL = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
const NOT_ASCII = /[\x80-\xff]/;
const NO_LATIN1 = /[\x80-\x9f]/g;
const NO_BYTE = /[^\p{ASCII}\xa0-\xff]/gu;

/** The characters of bytes that stand in `text` as latin1. */
export function decoded(text: string, encoding: Encoding): string {
  if (!NOT_ASCII.test(text)) return text;
  if (encoding === 'utf-8') return Buffer.from(text, 'latin1').toString('utf8');
  return text.replace(NO_LATIN1, (byte) => SPECIAL[byte.charCodeAt(0) - 0x80] ?? byte);
}

/** The bytes of a text, as latin1; what the encoding does not have becomes a question mark. */
export function encoded(text: string, encoding: Encoding): string {
  if (encoding === 'utf-8') return Buffer.from(text).toString('latin1');
  return text.replace(NO_BYTE, (character) => {
    const index = SPECIAL.indexOf(character);
    return index === -1 ? '?' : String.fromCharCode(0x80 + index);
  });
}
