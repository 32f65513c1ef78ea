import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REJECTION_CODES } from '../../src/domain/rejection-codes.ts';
import { MAX_COLUMN_NAME, MAX_COLUMNS } from '../../src/import/header.ts';
import { MAX_CELL_BYTES, MAX_RECORD_BYTES } from '../../src/import/reader.ts';
import { MAX_EXPANDED_BYTES, MAX_RATIO } from '../../src/import/source/gunzip.ts';
import { MAX_FILE_BYTES } from '../../src/import/source/open-source.ts';
import { MAX_XML_RATIO } from '../../src/import/source/xlsx/package.ts';
import { MAX_STRINGS, MAX_STRINGS_BYTES } from '../../src/import/source/xlsx/shared-strings.ts';
import { MAX_ROWS } from '../../src/import/source/xlsx/sheet-reader.ts';
import { MAX_KEY } from '../../src/purchase/idempotency-key.ts';

const read = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

/** The cells of the rows of a page's tables. */
function tableRows(page: string): string[][] {
  const rows = page.split('\n').filter((line) => /^\| [^-]/.test(line));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

describe('docs/errors.md', () => {
  const rows = tableRows(read('errors.md')).filter(([code]) => code !== 'code');

  test('explains every rejection code once, in the order of the catalogue, and no other', () => {
    expect(rows.map(([code]) => code)).toEqual(REJECTION_CODES.map((code) => `\`${code}\``));
  });

  test.each(rows)('%s has a meaning, somebody who fixes it, and an example', (_code, ...cells) => {
    expect(cells).toHaveLength(3);
    expect(cells[0]).not.toBe('');
    expect(cells[1]).toMatch(/partner|operator|insurer/);
    expect(cells[2]).not.toBe('');
  });
});

const count = (n: number) => n.toLocaleString('en').replaceAll(',', ' ');

test('docs/csv.md names the limits as they are', () => {
  const limits = tableRows(read('csv.md')).map((cells) => cells.join(': '));
  expect(limits).toEqual(
    expect.arrayContaining([
      expect.stringContaining(
        `workbook: ${count(MAX_ROWS)} rows; ${count(MAX_STRINGS)} different texts of ${MAX_STRINGS_BYTES / 1024 ** 2} MiB in all; its parts at most ${MAX_XML_RATIO} times`,
      ),
      expect.stringContaining(
        `compressed file: ${MAX_EXPANDED_BYTES / 1024 ** 3} GiB of text, and at most ${MAX_RATIO} times`,
      ),
      expect.stringContaining(`file: ${MAX_FILE_BYTES / 1024 ** 3} GiB`),
      `columns: ${MAX_COLUMNS}, each name at most ${MAX_COLUMN_NAME} characters`,
      expect.stringContaining(`record: ${MAX_RECORD_BYTES / 1024 ** 2} MiB`),
      `cell: ${MAX_CELL_BYTES / 1024} KiB`,
      `idempotency key: ${MAX_KEY} characters`,
    ]),
  );
});
