// What a POSIX shell would mean by a command line, without the shell: nothing is expanded, and a line in which a shell
// would expand something, or start more than one program, has no words.

const PLAIN = /[\w.,:/@+-]|\P{ASCII}/u;
const ESCAPED_IN_QUOTES = /["\\$`]/;

/** The words of a command; undefined where it asks for more than one program with arguments. */
export function wordsOf(command: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < command.length; at++) {
    const character = command.charAt(at);
    if (character === ' ' || character === '\t') {
      if (word !== undefined) words.push(word);
      word = undefined;
      continue;
    }
    const part = partAt(command, at);
    if (!part) return undefined;
    word = (word ?? '') + part.text;
    at += part.length - 1;
  }
  if (word !== undefined) words.push(word);
  return words;
}

type Part = { readonly text: string; readonly length: number };

/** A character, a character behind a backslash, or what stands in quotes. */
function partAt(command: string, at: number): Part | undefined {
  const character = command.charAt(at);
  if (character === '\\') {
    const escaped = command.charAt(at + 1);
    return escaped === '' || escaped === '\n' ? undefined : { text: escaped, length: 2 };
  }
  if (character === "'") {
    const end = command.indexOf("'", at + 1);
    return end === -1 ? undefined : { text: command.slice(at + 1, end), length: end + 1 - at };
  }
  if (character === '"') return quotedAt(command, at);
  return PLAIN.test(character) ? { text: character, length: 1 } : undefined;
}

function quotedAt(command: string, start: number): Part | undefined {
  let text = '';
  for (let at = start + 1; at < command.length; at++) {
    const character = command.charAt(at);
    if (character === '"') return { text, length: at + 1 - start };
    if (character === '$' || character === '`') return undefined;
    if (character === '\\' && ESCAPED_IN_QUOTES.test(command.charAt(at + 1))) at++;
    text += command.charAt(at);
  }
  return undefined;
}
