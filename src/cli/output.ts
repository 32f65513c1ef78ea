import { stripVTControlCharacters, styleText } from 'node:util';

export type Row = Readonly<Record<string, unknown>>;

/** A list: one JSON document a line, or a table with a heading for each column; `empty` when there is nothing. */
export function printList(rows: readonly Row[], options: { json: boolean; empty: string }): void {
  if (options.json) printLines(rows.map((row) => JSON.stringify(row)));
  else printLines(rows.length === 0 ? [options.empty] : tableLines(rows));
}

/** One thing: a JSON document, or a line for each of its members. */
export function printRecord(record: Row, json: boolean): void {
  const width = Math.max(...Object.keys(record).map((name) => name.length));
  const lines = Object.entries(record).map(
    ([name, value]) => `${styleText('dim', name.padEnd(width))}  ${cell(value)}`,
  );
  printLines(json ? [JSON.stringify(record)] : lines);
}

export function printLines(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join('\n')}\n`);
}

/** The lines of a table. */
export function tableLines(rows: readonly Row[]): string[] {
  const names = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => names.map((name) => cell(row[name])));
  const widths = names.map((name, i) => Math.max(name.length, ...cells.map((row) => row[i]?.length ?? 0)));
  const numeric = names.map((name) => rows.every((row) => typeof row[name] === 'number'));
  const line = (texts: readonly string[]) =>
    texts
      .map((text, i) => (numeric[i] ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [styleText('bold', line(names)), ...cells.map(line)];
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return value.toLocaleString('en');
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(cell).join(', ');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, member]) => `${name} ${cell(member)}`)
      .join(', ');
  }
  return printable(String(value));
}

/** Text from outside must not steer the terminal it is shown on. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, '�');
}
