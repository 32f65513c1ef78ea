import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Nested } from '../../src/domain/policy.ts';
import { readHeader } from '../../src/import/header.ts';
import type { CsvRecord } from '../../src/import/reader.ts';
import { RowReader } from '../../src/import/row.ts';
import type { Catalogue } from '../../src/product/product.ts';
import { order } from '../../src/purchase/order.ts';
import { readJson } from '../../src/purchase/read-json.ts';
import { readMetadata } from '../../src/purchase/read-metadata.ts';
import { ticket, tickets } from '../import/tickets.ts';
import { banded } from '../product/shipped.ts';

const catalogue: Catalogue = new Map([[banded.id, banded]]);
const [HEADER = '', FIRST = ''] = tickets(ticket('key')).replaceAll('"', '').split('\n');
const COLUMNS = [...HEADER.split(','), 'metadata.seat.row', 'quote.data.protected_element.2.price'];
const CELLS = [...FIRST.split(',').map((cell) => cell.trim()), '7', '2500'];
const header = readHeader(COLUMNS, [banded]);
if (!header.ok) throw new Error(JSON.stringify(header.errors));
const reader = new RowReader(header.header, catalogue);

/** What a row of a file would buy. */
function byFile(cells: readonly string[]) {
  const record: CsvRecord = { kind: 'cells', row: 1, line: 2, offset: 0, length: 1, cells: [...cells] };
  const row = reader.read(record);
  if (row.kind === 'rejected') return row.errors.map(({ code, column }) => `${code} ${column}`).sort();
  const { hash, premium, start_day, end_day } = row;
  return { hash, premium, start_day, end_day };
}

/** What a call with the same texts would buy. */
function byCall(json: { quote?: { data?: unknown }; policy?: unknown; metadata?: unknown }) {
  const quote = readJson(banded, json.quote?.data ?? {}, 'quote.data');
  const policy = readJson(banded, json.policy ?? {}, 'policy');
  const { data: metadata } = readMetadata(json.metadata ?? {});
  const wrong = [...quote.errors, ...policy.errors];
  const request = { integration: banded, quoteData: quote.data, policy: policy.data, metadata };
  const ordered = order(request);
  const refused = ordered.ok
    ? []
    : ordered.errors.filter(({ path }) => !wrong.some((one) => one.path === path));
  if (!ordered.ok || wrong.length > 0)
    return [...wrong, ...refused].map(({ code, path }) => `${code} ${path}`).sort();
  const { hash, premium, start_day, end_day } = ordered.value;
  return { hash, premium, start_day, end_day };
}

/** The cells as nested members, all of them texts. */
function jsonOf(cells: readonly string[]): Record<string, Nested> {
  const root: Record<string, Nested> = {};
  COLUMNS.forEach((column, i) => {
    const names = column.split('.');
    const last = names.pop() ?? '';
    if (names.length === 0) return; // key and integration
    let node = root as Nested;
    for (const name of names) {
      node[name] ??= {};
      node = node[name] as Nested;
    }
    node[last] = cells[i] ?? '';
  });
  return root;
}

const anyCell = fc.constantFrom(
  '',
  '1',
  '0',
  'true',
  '3000',
  '-1',
  '12.5',
  'x',
  'de',
  '2026-02-30',
  '2026-12-24',
);
const anyRow = fc
  .array(fc.tuple(fc.integer({ min: 2, max: COLUMNS.length - 1 }), anyCell), { maxLength: 4 })
  .map((changes) => changes.reduce((cells, [at, cell]) => cells.with(at, cell), CELLS));

test('a call with the texts of a row buys the same content at the same price, or is refused for the same', () => {
  expect(byFile(CELLS)).toHaveProperty('hash');
  fc.assert(
    fc.property(anyRow, (cells) => {
      expect(byCall(jsonOf(cells))).toEqual(byFile(cells));
    }),
    { numRuns: 500 },
  );
});

test('typed JSON, with an array where a file numbers its columns, buys the same as its texts', () => {
  const cells = CELLS.with(COLUMNS.indexOf('quote.data.protected_element.1.price'), '');
  const texts = jsonOf(cells.with(COLUMNS.indexOf('quote.data.protected_element.2.price'), ''));
  const typed = structuredClone(texts) as { quote: { data: Nested }; policy: { data: Nested } };
  typed.quote.data['pem_exclusion'] = true;
  typed.quote.data['sports_inclusion'] = 0;
  typed.policy.data['order_value'] = 100_000;
  const quote = (protected_element: unknown) => ({ data: { ...typed.quote.data, protected_element } });
  const asArray = byCall({ ...typed, quote: quote([{ price: 3000 }]), metadata: { seat: { row: 7 } } });
  const asTexts = byCall({ ...texts, quote: quote({ '0': { price: '3000' } }) });
  expect(asArray).toHaveProperty('hash');
  expect(asArray).toEqual(asTexts);
});

test('metadata whose names no column could have is refused by name', () => {
  for (const json of [{ 'a.b': 1 }, { '': 1 }, { a: { constructor: 'x' } }, JSON.parse('{"__proto__":1}')]) {
    expect(readMetadata(json)).toMatchObject({ data: {}, errors: [{ code: 'unknown_field' }] });
  }
  expect(readMetadata([1]).errors).toMatchObject([{ code: 'invalid_type', path: 'metadata' }]);
  expect(readMetadata({ a: 1, b: { c: true, d: null, e: '' } })).toEqual({
    data: { a: '1', b: { c: 'true' } },
    errors: [],
  });
});
