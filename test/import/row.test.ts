import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readHeader } from '../../src/import/header.ts';
import type { CsvRecord } from '../../src/import/reader.ts';
import { RowReader } from '../../src/import/row.ts';
import type { Catalogue } from '../../src/product/product.ts';
import { banded, single } from '../product/shipped.ts';
import { ticket, tickets } from './tickets.ts';

const catalogue: Catalogue = new Map([banded, single].map((one) => [one.id, one]));
const [HEADER = '', FIRST = ''] = tickets(ticket('key')).replaceAll('"', '').split('\n');
const COLUMNS = [...HEADER.split(','), 'metadata.seat', 'quote.data.protected_element.2.price'];
const CELLS = [...FIRST.split(',').map((cell) => cell.trim()), 'A1', '2500'];
const header = readHeader(COLUMNS, [...catalogue.values()]);
if (!header.ok) throw new Error(JSON.stringify(header.errors));

// Good and bad in any field: what only some of them allow, and nothing at all.
const anyCell = fc.constantFrom(
  '',
  '1',
  '0',
  '3000',
  '99999999',
  '-1',
  '12.5',
  'x',
  'de',
  'nick@x',
  '2026-02-30',
  '2026-12-24',
  'ü'.repeat(300),
);
const anyRow = fc
  .array(fc.tuple(fc.nat(COLUMNS.length - 1), anyCell), { maxLength: 4 })
  .map((changes) => changes.reduce((cells, [at, cell]) => cells.with(at, cell), CELLS));

test('a row is judged the same whether or not rows like it came before', () => {
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 20 }), (others) => {
      const rows = [CELLS, ...others];
      const experienced = new RowReader(header.header, catalogue);
      const records = rows.map(
        (cells, i): CsvRecord => ({ kind: 'cells', row: i + 1, line: i + 2, offset: 0, length: 1, cells }),
      );
      expect(records.map((record) => experienced.read(record))).toEqual(
        records.map((record) => new RowReader(header.header, catalogue).read(record)),
      );
    }),
    { numRuns: 50 }, // each row of them compiles a mapping of its own
  );
});
