import { spreadsheetCell } from '../../domain/csv-cell.ts';
import type { TemplateColumn } from './columns.ts';

const BOM = '\ufeff'; // by it Excel knows UTF-8

/** The header, and with `example` a good row. */
export function csvTemplate(columns: readonly TemplateColumn[], example: boolean): string {
  const line = (cells: readonly string[]) => `${cells.map(spreadsheetCell).join(',')}\r\n`;
  const header = BOM + line(columns.map(({ name }) => name));
  return example ? header + line(columns.map((column) => column.example)) : header;
}
