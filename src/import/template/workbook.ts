import writeExcelFile from 'write-excel-file/node';
import type { TemplateColumn } from './columns.ts';

const NARROWEST = 12; // characters
const WIDEST = 60;

/**
 * A workbook whose first sheet is the template; every cell of it is text, so that Excel turns neither a key nor a date into something
 * else. The second sheet explains the columns.
 */
export async function workbookTemplate(
  columns: readonly TemplateColumn[],
  example: boolean,
): Promise<Buffer> {
  const rows: Cell[][] = [columns.map(({ name }) => heading(name))];
  if (example) rows.push(columns.map((column) => text(column.example)));
  const explained = columns.map(({ name, title, required, form, example, description }) =>
    [name, title, required ? 'yes' : 'no', form, example, description].map(text),
  );
  const fields = [
    ['Column', 'Title', 'Required', 'Form', 'Example', 'Description'].map(heading),
    ...explained,
  ];
  const sheets = [
    { data: rows, sheet: 'Policies', columns: widths(rows), stickyRowsCount: 1 },
    { data: fields, sheet: 'Fields', columns: widths(fields), stickyRowsCount: 1 },
  ];
  return writeExcelFile(sheets).toBuffer();
}

type Cell = { value: string; type: StringConstructor; format: string; fontWeight?: 'bold' };

function text(value: string): Cell {
  return { value, type: String, format: '@' };
}

function heading(value: string): Cell {
  return { ...text(value), fontWeight: 'bold' };
}

function widths(rows: readonly (readonly { value: string }[])[]): { width: number }[] {
  return (rows[0] ?? []).map((_, column) => {
    const longest = Math.max(...rows.map((row) => row[column]?.value.length ?? 0));
    return { width: Math.min(WIDEST, Math.max(NARROWEST, longest + 2)) };
  });
}
