// `NAME.rejected.csv`: rejected rows byte for byte, with the reasons in three more cells, to be corrected and dropped
// again. Bytes are handled as latin1 text, in which nothing is lost. Of a workbook it is the CSV that Excel would save.
import { quotedCell } from '../domain/csv-cell.ts';
import type { RejectedOutcome } from '../domain/import.ts';
import { errorCells } from '../domain/report-line.ts';
import { encoded } from './encoding.ts';
import type { Table } from './inspect.ts';
import { firstCells, parseQuoted } from './record.ts';
import { encodeUtf16 } from './source/utf16.ts';

const UTF8_BOM = '\xef\xbb\xbf'; // by it Excel knows UTF-8
const ERROR_COLUMNS = ['_error_code', '_error_column', '_error_message'];

/** The header line, BOM included, with the error columns unless the file has them from an earlier correction. */
export async function rejectedHeader(table: Table): Promise<Buffer> {
  const { header, text } = table;
  const isWorkbook = text.form === 'workbook';
  const from = isWorkbook ? header.offset : 0;
  const bytes = await text.bytes.read(from, header.offset + header.length - from);
  const columns = hasErrorColumns(table) ? '' : withDelimiter(ERROR_COLUMNS, table);
  return written((isWorkbook ? UTF8_BOM : '') + bytes.toString('latin1') + columns + lineEnd(table), table);
}

/** The records of rejected rows of one chunk; empty when there are none. Reads their span of the file at once. */
export async function rejectedRecords(rejected: readonly RejectedOutcome[], table: Table): Promise<Buffer> {
  const [first] = rejected;
  const last = rejected.at(-1);
  if (!first || !last) return Buffer.alloc(0);
  const start = first.bytes.offset;
  const length = last.bytes.offset + last.bytes.length - start;
  const span = (await table.text.bytes.read(start, length)).toString('latin1');
  const lines = rejected.map(({ bytes, errors }) => {
    const record = span.slice(bytes.offset - start, bytes.offset - start + bytes.length);
    return recordWith(withDelimiter(errorCells(errors), table), record, table);
  });
  return written(lines.join(''), table);
}

/** Bytes as the partner sent them: in UTF-16 again what was. */
function written(latin1: string, { text: { form } }: Table): Buffer {
  const bytes = Buffer.from(latin1, 'latin1');
  return form === 'utf-16le' || form === 'utf-16be' ? encodeUtf16(bytes, form) : bytes;
}

function lineEnd({ dialect, text }: Table): string {
  return text.form === 'workbook' ? '\r\n' : dialect.lineEnd;
}

/** A record that cannot be split into its cells keeps the error cells that it came with. */
function recordWith(errors: string, record: string, table: Table): string {
  const { dialect, header } = table;
  if (!hasErrorColumns(table)) return record + errors + lineEnd(table);
  const parsed = parseQuoted(record, 0, dialect, true);
  if (parsed.kind !== 'cells' || parsed.cells.length !== header.cells.length) return record + lineEnd(table);
  const own = firstCells(record, header.cells.length - ERROR_COLUMNS.length, dialect.delimiter);
  return own + errors + lineEnd(table);
}

function hasErrorColumns({ header }: Table): boolean {
  const last = header.cells.slice(-ERROR_COLUMNS.length);
  return ERROR_COLUMNS.every((column, i) => last[i] === column);
}

function withDelimiter(cells: readonly string[], { dialect }: Table): string {
  return encoded(cells.map((cell) => dialect.delimiter + quotedCell(cell)).join(''), dialect.encoding);
}
