import type { RowError } from '../domain/import.ts';
import type { SpoolReader } from '../inbox/spool.ts';
import { isCutOff } from './cut-off.ts';
import { type Dialect, readDialect } from './dialect.ts';
import { foreignFormat } from './format.ts';
import { type CsvRecord, type Position, type Problem, RecordReader } from './reader.ts';
import { malformedError, wholeError } from './row-error.ts';
import { lineAt, type Scan, scan } from './scan.ts';

export const MAX_FILE_BYTES = 8 * 1024 ** 3; // about 20 million rows of 33 columns: several minutes of work
const BOM = '\ufeff';

/** What can be said of a file before its first row. */
export type Inspection = { readonly sha256: string } & (
  | ({ readonly kind: 'readable' } & Table)
  | { readonly kind: 'cut_off'; readonly problem: string }
  | { readonly kind: 'unreadable'; readonly error: RowError }
);

/** A CSV file's header record, and where its rows begin. */
export type Table = { readonly dialect: Dialect; readonly header: Header; readonly body: Position };
type Header = Extract<CsvRecord, { kind: 'cells' }>;

/** Reads the whole file once. It should have `expected` bytes; undefined: somebody has decided that it is complete. */
export async function inspect(file: SpoolReader, expected: number | undefined): Promise<Inspection> {
  const scanned = await scan(file);
  const { sha256 } = scanned;
  const released = expected === undefined;
  if (!released && file.size < expected)
    return { sha256, kind: 'cut_off', problem: tooShort(file, expected) };
  if (!released && scanned.endsInCharacter) return { sha256, kind: 'cut_off', problem: CUT_OFF };
  const foreign = await unreadable(file, scanned);
  if (foreign) return { sha256, kind: 'unreadable', error: foreign };
  const table = await readTable(file);
  if ('error' in table) return { sha256, kind: 'unreadable', error: table.error };
  const { dialect, header, body } = table;
  if (!released && (await isCutOff(file, scanned, dialect, header.cells.length, body))) {
    return { sha256, kind: 'cut_off', problem: CUT_OFF };
  }
  return { sha256, kind: 'readable', ...table };
}

const WHAT_TO_DO = 'Upload it again, or ask the operator to release it as it is.';
const CUT_OFF = `The file seems to end in the middle of its last record. ${WHAT_TO_DO}`;

function tooShort({ size }: SpoolReader, expected: number): string {
  return `The file has ${size} bytes, and should have at least ${expected}: its end never arrived. ${WHAT_TO_DO}`;
}

async function unreadable(file: SpoolReader, { badByte }: Scan): Promise<RowError | undefined> {
  if (file.size > MAX_FILE_BYTES) {
    return wholeError('too_large', `The file has ${file.size} bytes, more than ${MAX_FILE_BYTES}: split it`);
  }
  const format = await foreignFormat(file);
  if (format) return wholeError('unsupported_format', `${format}: save it as "CSV UTF-8" and upload that`);
  if (!badByte) return undefined;
  const line = await lineAt(file, badByte.offset);
  const byte = `0x${badByte.value.toString(16).toUpperCase()}`;
  return wholeError(
    'not_utf8',
    `Line ${line} is not UTF-8 text (byte ${byte}): save the file as UTF-8, in Excel with "Save as", "CSV UTF-8 (comma delimited)"`,
    byte,
  );
}

async function readTable(file: SpoolReader): Promise<Table | { error: RowError }> {
  const dialect = await readDialect(file);
  const hasBom = (await file.read(0, 3)).toString('utf8') === BOM;
  const records = new RecordReader(file, dialect, { row: 0, line: 1, offset: hasBom ? 3 : 0 });
  const [header] = await records.next(1);
  if (!header)
    return { error: wholeError('empty_file', 'The file is empty: its first line must be the header') };
  if (header.kind === 'malformed') return { error: headerError(header.problem) };
  return { dialect, header, body: records.position };
}

function headerError(problem: Problem): RowError {
  const error = malformedError(problem);
  return { ...error, message: `The header cannot be read: ${error.message}` };
}
