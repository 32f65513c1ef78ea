import { quotedCell } from '../../domain/csv-cell.ts';
import type { Scratch, SpoolReader } from '../../inbox/spool.ts';
import type { Dialect } from '../dialect.ts';
import type { SheetRow } from './xlsx/sheet-reader.ts';
import { sheetRows } from './xlsx/sheet-rows.ts';

/**
 * How a workbook's rows are written: with a line end that no cell holds, so that the number of a physical line is that
 * of the row in the sheet.
 */
export const WORKBOOK_DIALECT: Dialect = { delimiter: ',', lineEnd: '\r', encoding: 'utf-8' };

const NEEDS_QUOTES = /[",\r\n]|^[ \t]|[ \t]$/;

/** Writes the first sheet to `scratch` as CSV text. Throws Unreadable. */
export async function writeWorkbook(file: SpoolReader, scratch: Scratch): Promise<void> {
  let line = 1;
  let columns = 0; // of the header: empty cells at the end of a row are not in the sheet
  for await (const rows of sheetRows(file)) {
    let text = '';
    for (const row of rows) {
      columns ||= row.cells.length;
      text += '\r'.repeat(row.number - line) + lineOf(row, columns);
      line = row.number + 1;
    }
    await scratch.write(Buffer.from(text));
  }
}

function lineOf({ cells }: SheetRow, columns: number): string {
  const missing = ','.repeat(Math.max(0, columns - cells.length));
  return `${cells.map((cell) => (NEEDS_QUOTES.test(cell) ? quotedCell(cell) : cell)).join(',')}${missing}\r`;
}
