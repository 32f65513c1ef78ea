import type { RowError } from '../domain/import.ts';
import type { RejectionCode } from '../domain/rejection-codes.ts';
import { MAX_CELL_BYTES, MAX_RECORD_BYTES, type Problem } from './reader.ts';

const MAX_VALUE = 200; // characters: enough to recognise a cell, short enough for a log of a thousand errors
const MAX_MESSAGE = 1000; // a sentence that quotes a value or two

/** An error about one cell, with what would make a report unreadable cut. */
export function rowError(error: RowError): RowError {
  return { ...error, value: cut(error.value, MAX_VALUE), message: cut(error.message, MAX_MESSAGE) };
}

/** An error about a row, or a file, as a whole. */
export function wholeError(code: RejectionCode, message: string, value = ''): RowError {
  return rowError({ code, column: '', value, message });
}

/** `text` in at most `length` characters; what is cut ends with an ellipsis and never in half a character. */
export function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** Why a record could not be split into cells, and what to do. */
export function malformedError(problem: Problem): RowError {
  switch (problem.kind) {
    case 'text_after_quote':
      return malformed(
        `cell ${problem.cell} goes on after its closing quote: write a quote inside a quoted cell twice`,
      );
    case 'unclosed_quote':
      return malformed(`cell ${problem.cell} begins with a quote that is never closed`);
    case 'nul':
      return malformed('the row holds a NUL character, which no text has: remove it');
    case 'record_too_long':
      return wholeError(
        'too_large',
        `the row is longer than ${MAX_RECORD_BYTES} bytes: is a quote opened and never closed?`,
      );
    case 'cell_too_long':
      return wholeError('too_large', `a cell of the row is longer than ${MAX_CELL_BYTES} bytes`);
  }
}

function malformed(message: string): RowError {
  return wholeError('malformed_record', message);
}
