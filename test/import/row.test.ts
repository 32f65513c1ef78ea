import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readHeader } from '../../src/import/header.ts';
import type { CsvRecord } from '../../src/import/reader.ts';
import { RowReader } from '../../src/import/row.ts';
import type { Catalogue, Integration } from '../../src/product/product.ts';
import { banded, single } from '../product/shipped.ts';
import { travel } from '../product/travel.ts';
import { ticket, tickets } from './tickets.ts';

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
  '2027-03-01',
  '2027-12-24',
  'world',
  'ü'.repeat(300),
);

/** A header, and a good row under it. */
type Sample = {
  readonly integrations: readonly Integration[];
  readonly columns: string[];
  readonly cells: string[];
};

function ticketRow(): Sample {
  const [header = '', first = ''] = tickets(ticket('key')).replaceAll('"', '').split('\n');
  return {
    integrations: [banded, single],
    columns: [...header.split(','), 'metadata.seat', 'quote.data.protected_element.2.price'],
    cells: [...first.split(',').map((cell) => cell.trim()), 'A1', '2500'],
  };
}

function tripRow(): Sample {
  const example = readFileSync(new URL('../../examples/travel.csv', import.meta.url), 'utf8');
  const [header = '', , second = ''] = example.split('\n');
  return { integrations: [travel], columns: header.split(';'), cells: second.split(';') };
}

describe('a row is judged the same whether or not rows like it came before', () => {
  test.each([
    ['of a product with one table', ticketRow()],
    ['of a product with rules between fields, and elements in elements', tripRow()],
  ])('%s', (_what, { integrations, columns, cells }) => {
    const catalogue: Catalogue = new Map(integrations.map((one) => [one.id, one]));
    const header = readHeader(columns, integrations);
    if (!header.ok) throw new Error(JSON.stringify(header.errors));
    const read = (reader: RowReader, row: readonly string[], at: number) => {
      const record: CsvRecord = {
        kind: 'cells',
        row: at + 1,
        line: at + 2,
        offset: 0,
        length: 1,
        cells: row,
      };
      return reader.read(record);
    };
    const anyRow = fc
      .array(fc.tuple(fc.nat(columns.length - 1), anyCell), { maxLength: 4 })
      .map((changes) => changes.reduce((row, [at, cell]) => row.with(at, cell), cells));
    expect(read(new RowReader(header.header, catalogue), cells, 0)).toMatchObject({ kind: 'purchase' });
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 20 }), (others) => {
        const rows = [cells, ...others];
        const experienced = new RowReader(header.header, catalogue);
        expect(rows.map((row, at) => read(experienced, row, at))).toEqual(
          rows.map((row, at) => read(new RowReader(header.header, catalogue), row, at)),
        );
      }),
      { numRuns: 50 }, // each row of them compiles a mapping of its own
    );
  });

  test('also one that breaks nothing but a rule', () => {
    const { integrations, columns, cells } = tripRow();
    const header = readHeader(columns, integrations);
    if (!header.ok) throw new Error(JSON.stringify(header.errors));
    const reader = new RowReader(header.header, new Map([[travel.id, travel]]));
    const end = columns.indexOf('quote.data.trip_end');
    const rows = [cells, cells.with(end, '2027-03-01'), cells.with(end, '2027-12-24'), cells];
    const judged = rows.map((row, at) =>
      reader.read({ kind: 'cells', row: at + 1, line: at + 2, offset: 0, length: 1, cells: row }),
    );
    expect(judged).toMatchObject([
      { kind: 'purchase' },
      { kind: 'rejected', errors: [{ code: 'contradiction', column: 'quote.data.trip_end' }] },
      { kind: 'rejected', errors: [{ code: 'contradiction', column: 'quote.data.trip_end' }] },
      { kind: 'purchase' },
    ]);
  });
});
