import { type Dialect, newlineOf } from './dialect.ts';

const QUOTE = 0x22;
const SPACE = 0x20;
const TAB = 0x09;
const CARRIAGE_RETURN = 0x0d;

/** Why a record cannot be split into cells; `cell` counts from 1. */
export type Malformation = {
  readonly kind: 'text_after_quote' | 'unclosed_quote';
  readonly cell: number;
};

/** `end` is where the record's text ends and `next` where the next one begins; `incomplete`: the text ended first. */
export type Parsed =
  | { readonly kind: 'cells'; readonly cells: string[]; readonly end: number; readonly next: number }
  | Malformation
  | { readonly kind: 'incomplete' };

const INCOMPLETE = { kind: 'incomplete' } as const;

/** The cells of a record without quotes, without the blanks around them. */
export function splitPlain(text: string, delimiter: string): string[] {
  const cells = text.split(delimiter);
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as string;
    if (isBlank(cell.charCodeAt(0)) || isBlank(cell.charCodeAt(cell.length - 1))) cells[i] = trimmed(cell);
  }
  return cells;
}

/**
 * Splits the record that begins at `start` as RFC 4180 does, with blanks around cells and quotes allowed. A quote
 * inside an unquoted cell (`5" pipe`) is itself, as in Excel; text after a closing quote is malformed. `whole`: the text goes to the end
 * of the file. Looks at every character at most a few times.
 */
export function parseQuoted(text: string, start: number, dialect: Dialect, whole: boolean): Parsed {
  const { delimiter } = dialect;
  const newline = newlineOf(dialect);
  const cells: string[] = [];
  let lineEnd = indexOrEnd(text, newline, start);
  let at = start;
  for (;;) {
    const first = skipBlanks(text, at, delimiter);
    let end: number;
    if (text.charCodeAt(first) === QUOTE) {
      const close = closingQuote(text, first + 1);
      if (close === -1) return whole ? { kind: 'unclosed_quote', cell: cells.length + 1 } : INCOMPLETE;
      end = skipBlanks(text, close + 1, delimiter);
      if (close > lineEnd) lineEnd = indexOrEnd(text, newline, close);
      if (end === lineEnd - 1 && text.charCodeAt(end) === CARRIAGE_RETURN) end = lineEnd;
      if (end === text.length && !whole) return INCOMPLETE;
      if (end !== lineEnd && text[end] !== delimiter)
        return { kind: 'text_after_quote', cell: cells.length + 1 };
      cells.push(unescaped(text.slice(first + 1, close)));
    } else {
      const rest = text.slice(at, lineEnd); // so that no search goes beyond this line
      const cell = rest.slice(0, indexOrEnd(rest, delimiter, 0));
      end = at + cell.length;
      if (end === text.length && !whole) return INCOMPLETE;
      cells.push(trimmed(end === lineEnd ? withoutCarriageReturn(cell) : cell));
    }
    if (end === lineEnd) return { kind: 'cells', cells, end: lineEnd, next: lineEnd + 1 };
    at = end + 1;
  }
}

/** The first `count` cells of a well-formed record as they are written; all of it when it has no more. */
export function firstCells(record: string, count: number, delimiter: string): string {
  let at = 0;
  for (let cell = 0; cell < count; cell++) {
    const first = skipBlanks(record, at, delimiter);
    const from = record.charCodeAt(first) === QUOTE ? closingQuote(record, first + 1) : first;
    const end = record.indexOf(delimiter, from);
    if (end === -1) return record;
    at = end + 1;
  }
  return record.slice(0, at - 1);
}

/** Index of the quote that closes the cell whose content begins at `from`; `""` is a quote in the content; -1: none. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}

function unescaped(content: string): string {
  return content.includes('"') ? content.replaceAll('""', '"') : content;
}

function indexOrEnd(text: string, part: string, from: number): number {
  const index = text.indexOf(part, from);
  return index === -1 ? text.length : index;
}

function skipBlanks(text: string, from: number, delimiter: string): number {
  let at = from;
  while (isBlank(text.charCodeAt(at)) && text[at] !== delimiter) at++;
  return at;
}

function trimmed(cell: string): string {
  let start = 0;
  let end = cell.length;
  while (start < end && isBlank(cell.charCodeAt(start))) start++;
  while (end > start && isBlank(cell.charCodeAt(end - 1))) end--;
  return cell.slice(start, end);
}

function withoutCarriageReturn(text: string): string {
  return text.charCodeAt(text.length - 1) === CARRIAGE_RETURN ? text.slice(0, -1) : text;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB;
}
