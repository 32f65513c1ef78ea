import type { SpoolReader } from '../inbox/spool.ts';
import { type Dialect, newlineOf } from './dialect.ts';
import { type CsvRecord, MAX_RECORD_BYTES, type Position, RecordReader } from './reader.ts';
import type { Scan } from './scan.ts';

const BATCH = 1000;

/**
 * Whether the file seems to end in the middle of its last record: it has fewer cells than the header and no line
 * end, or stands in a quote that is never closed. A quote that is only left open somewhere above is a bad row.
 */
export async function isCutOff(
  file: SpoolReader,
  scan: Scan,
  dialect: Dialect,
  columns: number,
  body: Position,
): Promise<boolean> {
  if (scan.endsWithNewline && !scan.oddQuotes) return false;
  const start = scan.oddQuotes ? body.offset : await lastRecordStart(file, dialect, body.offset);
  const { last, openQuote } = await lastRecord(new RecordReader(file, dialect, { ...body, offset: start }));
  if (last?.kind === 'cells' && last.cells.length >= columns) return false;
  return openQuote || (last?.kind === 'cells' && !scan.endsWithNewline);
}

/** The last record, and whether it or one before it opened a quote that is never closed. */
async function lastRecord(
  records: RecordReader,
): Promise<{ last: CsvRecord | undefined; openQuote: boolean }> {
  let last: CsvRecord | undefined;
  let openQuote = false;
  for (;;) {
    const batch = await records.next(BATCH);
    if (batch.length === 0) return { last, openQuote };
    openQuote ||= batch.some((one) => one.kind === 'malformed' && one.problem.kind === 'unclosed_quote');
    last = batch.at(-1);
  }
}

/** The start of the line from which on every quote is closed, looking back no further than a record may be long. */
async function lastRecordStart(file: SpoolReader, dialect: Dialect, first: number): Promise<number> {
  const offset = Math.max(first, file.size - MAX_RECORD_BYTES);
  const text = (await file.read(offset, file.size - offset)).toString('latin1');
  const newline = newlineOf(dialect);
  let inQuotes = false;
  for (let at = text.length - 1; at >= 0; at--) {
    if (text[at] === '"') inQuotes = !inQuotes;
    else if (text[at] === newline && !inQuotes) return offset + at + 1;
  }
  return offset;
}
