import { MAX_CELL_BYTES } from '../../reader.ts';

const ESCAPE = /_x([0-9A-Fa-f]{4})_/g; // ECMA-376 part 1, 22.9.2.19

/** A text of a workbook as a CSV would hold it. Of one that no cell may hold there is only so much as shows it. */
export function stringText(text: string): string {
  const unescaped = text.includes('_x')
    ? text.replace(ESCAPE, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text;
  const lines = unescaped.includes('\r') ? unescaped.replace(/\r\n?/g, '\n') : unescaped;
  return lines.length > MAX_CELL_BYTES ? lines.slice(0, MAX_CELL_BYTES + 1) : lines;
}
