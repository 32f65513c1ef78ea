// The CSV reader. Blocks are decoded as latin1, so that a character's index is its byte's offset (delimiters, quotes
// and line ends are ASCII, which no other byte resembles); records are decoded again, each by itself, so that none keeps a block in memory.
// A malformed record ends with its first physical line, so that one bad quote does not swallow the file.
import { isAscii } from 'node:buffer';
import type { SpoolReader } from '../inbox/spool.ts';
import { type Dialect, newlineOf } from './dialect.ts';
import { decoded } from './encoding.ts';
import { type Malformation, type Parsed, parseQuoted, splitPlain } from './record.ts';

const BLOCK_BYTES = 64 * 1024; // a text of more than 128 KiB is collected with the old heap only
export const MAX_RECORD_BYTES = 1024 * 1024; // 30 columns of 32 KiB; an unclosed quote is noticed after as much
export const MAX_CELL_BYTES = 64 * 1024; // twice what a cell of Excel holds
const MAX_BATCH_BYTES = 2 * 1024 * 1024; // a batch ends after as many, however few records that are

/** Where a record stands; `offset` and `length` in bytes, without its line end. */
export type Place = {
  readonly row: number;
  readonly line: number;
  readonly offset: number;
  readonly length: number;
};

export type CsvRecord = Place &
  (
    | { readonly kind: 'cells'; readonly cells: readonly string[] }
    | { readonly kind: 'malformed'; readonly problem: Problem }
  );

export type Problem = Malformation | { readonly kind: 'nul' | 'record_too_long' | 'cell_too_long' };

/** `row` is the number of the next record. */
export type Position = { readonly row: number; readonly line: number; readonly offset: number };

/** Reads the records of a file from a position on; blank lines are none. Holds a block and a record, never more. */
export class RecordReader {
  private text = '';
  private base: number; // the file's offset of text[0]
  private at = 0; // where the next record begins in the text
  private row: number;
  private line: number;
  private whole = false; // the text goes to the end of the file
  private ascii = true;
  private hasNul = false;
  private quoteAt = -1; // a quote at or after `at`, once looked for
  private readonly file: SpoolReader;
  private readonly dialect: Dialect;
  private readonly newline: string;
  private readonly blockBytes: number;
  private bytes: Buffer; // those of the text, and room for a block behind them

  constructor(file: SpoolReader, dialect: Dialect, from: Position, blockBytes = BLOCK_BYTES) {
    this.file = file;
    this.dialect = dialect;
    this.newline = newlineOf(dialect);
    this.base = from.offset;
    this.row = from.row;
    this.line = from.line;
    this.blockBytes = blockBytes;
    this.bytes = Buffer.allocUnsafeSlow(2 * blockBytes);
  }

  /** Where the next record begins, or blank lines before it. */
  get position(): Position {
    return { row: this.row, line: this.line, offset: this.base + this.at };
  }

  /** The next records, at most `limit`; none at the end of the file. */
  async next(limit: number): Promise<CsvRecord[]> {
    const records: CsvRecord[] = [];
    const start = this.base + this.at;
    while (
      records.length < limit &&
      (records.length === 0 || this.base + this.at - start < MAX_BATCH_BYTES)
    ) {
      const lineEnd = this.text.indexOf(this.newline, this.at);
      if (lineEnd === -1 && !this.whole && this.bufferedEnough()) {
        records.push(await this.skipLongLine());
      } else if (lineEnd === -1 && !this.whole) {
        await this.readBlock();
      } else if (this.at === this.text.length) {
        break;
      } else {
        const end = lineEnd === -1 ? this.text.length : lineEnd;
        const record = this.hasQuoteBefore(end) ? this.quoted(end) : this.plain(end);
        if (record === 'incomplete') await this.readBlock();
        else if (record !== 'blank') records.push(record);
      }
    }
    return records;
  }

  /** A record without quotes, on one line. */
  private plain(lineEnd: number): CsvRecord | 'blank' {
    const place = this.placeUpTo(lineEnd);
    const end = this.at + place.length;
    const mayBeBad = this.hasNul || place.length > MAX_CELL_BYTES;
    const text = mayBeBad ? this.text.slice(this.at, end) : this.decodedText(this.at, end);
    const cells = splitPlain(text, this.dialect.delimiter);
    this.moveTo(lineEnd + 1, 1);
    if (cells.length === 1 && cells[0] === '') return 'blank';
    if (mayBeBad) return this.record(place, text, cells);
    this.row++;
    return { ...place, kind: 'cells', cells };
  }

  private quoted(lineEnd: number): CsvRecord | 'incomplete' {
    const parsed = parseQuoted(this.text, this.at, this.dialect, this.whole);
    if (parsed.kind === 'incomplete' && !this.bufferedEnough()) return 'incomplete';
    if (parsed.kind !== 'cells') return this.malformed(lineEnd, problemOf(parsed));
    if (parsed.end - this.at > MAX_RECORD_BYTES) return this.malformed(lineEnd, { kind: 'record_too_long' });
    const place = this.placeUpTo(parsed.end);
    const bytes = this.text.slice(this.at, this.at + place.length);
    this.moveTo(parsed.next, 1 + this.newlinesUpTo(parsed.end));
    return this.record(place, bytes, parsed.cells);
  }

  private record(place: Place, bytes: string, cells: string[]): CsvRecord {
    this.row++;
    const problem = this.limitProblem(bytes, cells);
    if (problem) return { kind: 'malformed', ...place, problem };
    return { ...place, kind: 'cells', cells: cells.map((cell) => decoded(cell, this.dialect.encoding)) };
  }

  private decodedText(from: number, to: number): string {
    if (this.ascii) return this.bytes.toString('latin1', from, to);
    const { encoding } = this.dialect;
    return encoding === 'utf-8'
      ? this.bytes.toString('utf8', from, to)
      : decoded(this.text.slice(from, to), encoding);
  }

  private limitProblem(bytes: string, cells: readonly string[]): Problem | undefined {
    if (this.hasNul && bytes.includes('\0')) return { kind: 'nul' };
    if (bytes.length <= MAX_CELL_BYTES) return undefined;
    if (bytes.length > MAX_RECORD_BYTES) return { kind: 'record_too_long' };
    if (cells.some((cell) => cell.length > MAX_CELL_BYTES)) return { kind: 'cell_too_long' };
    return undefined;
  }

  private malformed(lineEnd: number, problem: Problem): CsvRecord {
    const place = this.placeUpTo(lineEnd);
    this.moveTo(lineEnd + 1, 1);
    this.row++;
    return { kind: 'malformed', ...place, problem };
  }

  /** A line that does not fit: its place is its beginning, as much as a record may hold. */
  private async skipLongLine(): Promise<CsvRecord> {
    let end = this.at + MAX_RECORD_BYTES;
    while (this.isInside(end)) end--;
    const place = { row: this.row, line: this.line, offset: this.base + this.at, length: end - this.at };
    let lineEnd = -1;
    while (lineEnd === -1 && !this.whole) {
      this.at = this.text.length;
      await this.readBlock();
      lineEnd = this.text.indexOf(this.newline);
    }
    this.moveTo(lineEnd === -1 ? this.text.length : lineEnd + 1, 1);
    this.row++;
    return { kind: 'malformed', ...place, problem: { kind: 'record_too_long' } };
  }

  private isInside(character: number): boolean {
    return this.dialect.encoding === 'utf-8' && (this.text.charCodeAt(character) & 0xc0) === 0x80;
  }

  private placeUpTo(end: number): Place {
    const text = this.text;
    const withReturn = this.newline === '\n' && end > this.at && text.charCodeAt(end - 1) === 0x0d;
    const length = end - this.at - (withReturn ? 1 : 0);
    return { row: this.row, line: this.line, offset: this.base + this.at, length };
  }

  private moveTo(next: number, lines: number): void {
    this.at = Math.min(next, this.text.length);
    this.line += lines;
  }

  private newlinesUpTo(end: number): number {
    let count = 0;
    for (let at = this.text.indexOf(this.newline, this.at); at !== -1 && at < end; count++) {
      at = this.text.indexOf(this.newline, at + 1);
    }
    return count;
  }

  private hasQuoteBefore(end: number): boolean {
    if (this.quoteAt < this.at) {
      const index = this.text.indexOf('"', this.at);
      this.quoteAt = index === -1 ? this.text.length : index;
    }
    return this.quoteAt < end;
  }

  private bufferedEnough(): boolean {
    return this.text.length - this.at > MAX_RECORD_BYTES;
  }

  private async readBlock(): Promise<void> {
    const rest = this.text.length - this.at;
    const bytes = this.roomBehind(rest);
    const block = await this.file.read(
      this.base + this.text.length,
      this.blockBytes,
      bytes.subarray(rest, rest + this.blockBytes),
    );
    this.whole = block.length === 0;
    this.ascii = (this.ascii || rest === 0) && isAscii(block);
    this.hasNul = (this.hasNul && rest > 0) || block.includes(0);
    this.base += this.at;
    this.text = bytes.toString('latin1', 0, rest + block.length);
    this.at = 0;
    this.quoteAt = -1;
  }

  /** The bytes with those at the front that are still to be read, `rest` of them, and room for a block. */
  private roomBehind(rest: number): Buffer {
    const old = this.bytes;
    if (rest + this.blockBytes > old.length)
      this.bytes = Buffer.allocUnsafeSlow(2 * (rest + this.blockBytes));
    old.copy(this.bytes, 0, this.at, this.at + rest);
    return this.bytes;
  }
}

/** A quote that is still open after as much text as a record may hold. */
function problemOf(parsed: Exclude<Parsed, { kind: 'cells' }>): Problem {
  return parsed.kind === 'incomplete' ? { kind: 'record_too_long' } : parsed;
}
