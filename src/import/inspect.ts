import type { RowError } from '../domain/import.ts';
import type { SpoolReader } from '../inbox/spool.ts';
import { isCutOff } from './cut-off.ts';
import { detectEncoding } from './detect-encoding.ts';
import { type Dialect, readDialect } from './dialect.ts';
import { type CsvRecord, type Position, type Problem, RecordReader } from './reader.ts';
import { malformedError, wholeError } from './row-error.ts';
import { lineAt, type Scan, scan } from './scan.ts';
import type { Source, Text } from './source/open-source.ts';
import { WORKBOOK_DIALECT } from './source/workbook.ts';

const BOM = '\ufeff';

/** What can be said of a file before its first row. */
export type Inspection =
  | ({ readonly kind: 'readable' } & Table)
  | { readonly kind: 'cut_off'; readonly problem: string }
  | { readonly kind: 'unreadable'; readonly error: RowError };

/** A file's header record, where its rows begin, and the text in which they stand. */
export type Table = {
  readonly text: Text;
  readonly dialect: Dialect;
  readonly header: Header;
  readonly body: Position;
};
type Header = Extract<CsvRecord, { kind: 'cells' }>;

/** Reads the whole text once. The file should have `expected` bytes; undefined: somebody has decided that it is complete. */
export async function inspect(source: Source, expected: number | undefined): Promise<Inspection> {
  const released = expected === undefined;
  if (!released && source.file.size < expected) return cutOff(tooShort(source.file, expected));
  if (source.kind === 'cut_off' && !released) return cutOff(`${source.error.message}.`);
  if (source.kind !== 'text') return { kind: 'unreadable', error: source.error };

  const { text } = source;
  const scanned = await scan(text.bytes);
  if (!released && scanned.endsInCharacter) return cutOff(LAST_RECORD);
  const table = await readTable(text, scanned);
  if ('error' in table) return { kind: 'unreadable', error: table.error };
  const { dialect, header, body } = table;
  if (!released && (await isCutOff(text.bytes, scanned, dialect, header.cells.length, body))) {
    return cutOff(LAST_RECORD);
  }
  return { kind: 'readable', ...table };
}

const LAST_RECORD = 'The file seems to end in the middle of its last record.';

function cutOff(problem: string): Inspection {
  return {
    kind: 'cut_off',
    problem: `${problem} Upload it again, or ask the operator to release it as it is.`,
  };
}

function tooShort({ size }: SpoolReader, expected: number): string {
  return `The file has ${size} bytes, and should have at least ${expected}: its end never arrived.`;
}

async function readTable(text: Text, scanned: Scan): Promise<Table | { error: RowError }> {
  const { bytes } = text;
  const encoding = await detectEncoding(bytes, scanned);
  if (!encoding) return { error: await invalidEncoding(bytes, scanned.badByte) };
  const dialect = text.form === 'workbook' ? WORKBOOK_DIALECT : await readDialect(bytes, encoding);
  const hasBom = (await bytes.read(0, 3)).toString('utf8') === BOM;
  const records = new RecordReader(bytes, dialect, { row: 0, line: 1, offset: hasBom ? 3 : 0 });
  const [header] = await records.next(1);
  if (!header)
    return { error: wholeError('empty_file', 'The file is empty: its first line must be the header') };
  if (header.kind === 'malformed') return { error: headerError(header.problem) };
  return { text, dialect, header, body: records.position };
}

async function invalidEncoding(bytes: SpoolReader, badByte: Scan['badByte']): Promise<RowError> {
  const line = await lineAt(bytes, badByte?.offset ?? 0);
  const byte = `0x${badByte?.value.toString(16).toUpperCase()}`;
  return wholeError(
    'invalid_encoding',
    `Line ${line} is not UTF-8 text (byte ${byte}), as the rest of the file is: save the file as UTF-8, in Excel with "Save as", "CSV UTF-8 (comma delimited)"`,
    byte,
  );
}

function headerError(problem: Problem): RowError {
  const error = malformedError(problem);
  return { ...error, message: `The header cannot be read: ${error.message}` };
}
