import { RE2JS } from 're2js';

export const LONGEST_PATTERN = 300; // characters
export const LONGEST_MATCHED = 1000; // characters of a text that RE2 looks at; a longer one fits none of its patterns
const LARGEST_PROGRAM = 2000; // instructions; each is looked at once for each character at most

// One character, and at most one of them repeated, between ^ and $: JavaScript's own engine can only go forward.
const LITERAL = `[A-Za-z0-9 _/@:,;=#%&~"'<>!-]`;
const CLASS = String.raw`\[(?:[A-Za-z0-9 _/@:,;=#%&~"'<>!.+*?(){}|$-]|\\[dw.\\\]/-])+\]`;
const ONE = String.raw`(?:${LITERAL}|\\[dw./-]|${CLASS})`;
const PLAIN = new RegExp(String.raw`^\^(?:${ONE}|${ONE}\{\d+\})*(?:${ONE}(?:[*+?]|\{\d+,\d*\}))?${ONE}*\$$`);

export type Pattern = { test(text: string): boolean };

/**
 * A regular expression of a definition, of RE2's syntax: no text makes it take longer than in proportion to its length. Plain ones
 * run on JavaScript's engine, ten times as fast; all others on RE2, which never goes back. Throws for one that is none, with the reason.
 */
export function compilePattern(source: string): Pattern {
  if (PLAIN.test(source)) return new RegExp(source, 'u');
  const compiled = RE2JS.compile(source);
  return { test: (text) => text.length <= LONGEST_MATCHED && compiled.test(text) };
}

/** Why a pattern cannot be used, and what to write; undefined when it can. */
export function patternProblem(source: string): string | undefined {
  if (source.length > LONGEST_PATTERN)
    return `it is longer than ${LONGEST_PATTERN} characters: make it simpler`;
  try {
    const size = RE2JS.compile(source).programSize();
    if (size > LARGEST_PROGRAM) return 'it repeats too much: use maxLength instead of large counts in braces';
    new RegExp(source, 'u'); // so that every program that reads the schema understands it
    return undefined;
  } catch (error) {
    const reason = (error as Error).message.replace(/^.*?: /, '');
    return `write a regular expression that RE2 knows, without looking ahead or back and without \\1 (${reason})`;
  }
}
