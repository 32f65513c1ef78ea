export const MAX_KEY = 255; // UTF-16 units; a UUID has 36
const CONTROL_CHARACTER = /\p{Cc}/u;

/** Why a key cannot be kept, whichever door it came through; undefined when it can. */
export function keyProblem(key: string): string | undefined {
  if (key === '') return 'it is empty: every purchase needs one of its own';
  if (key.length > MAX_KEY) return `it has ${key.length} characters, at most ${MAX_KEY} are kept`;
  if (!key.isWellFormed()) return 'it is no Unicode text';
  return CONTROL_CHARACTER.test(key) ? 'it holds a line break or another control character' : undefined;
}
