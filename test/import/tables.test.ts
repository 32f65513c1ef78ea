import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DELIMITERS } from '../../src/import/dialect.ts';
import { inspect } from '../../src/import/inspect.ts';
import { RecordReader } from '../../src/import/reader.ts';
import { sourceOf } from './bytes.ts';

const HEADER = ['idempotency_key', 'policy.first_name', 'note'];
const latin = ['a', 'Z', '7', ' ', '"', ',', ';', '|', '\t', 'ä', 'ß', 'é'];
const anyCell = (unit: readonly string[]) => fc.string({ unit: fc.constantFrom(...unit), maxLength: 8 });

/** How a table may be written; what is not UTF-16 or UTF-8 has fewer characters. */
const anyEncoding = fc.constantFrom<[string, (text: string) => Buffer]>(
  ['UTF-8', (text) => Buffer.from(text)],
  ['UTF-8 with a BOM', (text) => Buffer.from(`\ufeff${text}`)],
  ['UTF-16', (text) => Buffer.from(text, 'utf16le')],
  ['UTF-16 with a BOM', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
  ['big endian UTF-16', (text) => Buffer.from(text, 'utf16le').swap16()],
  ['big endian UTF-16 with a BOM', (text) => Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
  ['Windows-1252', (text) => Buffer.from(text, 'latin1')],
);

const anyTable = anyEncoding.chain(([encoding, encode]) => {
  const unit = encoding === 'Windows-1252' ? latin : [...latin, '€', 'Ł', '東', '😀', '\u0100'];
  const row = fc.tuple(anyCell([...unit, '\n', '\r\n']), anyCell(unit), anyCell(unit));
  return fc.record({
    encoding: fc.constant(encoding),
    encode: fc.constant(encode),
    rows: fc.array(row, { maxLength: 12 }),
    delimiter: fc.constantFrom(...DELIMITERS),
    lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
    lastLineEnd: fc.boolean(),
    allQuoted: fc.boolean(),
    compressed: fc.boolean(),
    blockBytes: fc.integer({ min: 1, max: 64 }),
    resumeAfter: fc.nat(12),
  });
});

test('any table is read as it was written, in every dialect and encoding, whole and from any row on', async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, async (table) => {
      const { rows, delimiter, lineEnd, encode, compressed, blockBytes } = table;
      const cell = (text: string) =>
        table.allQuoted || /[",;\t|\r\n]|^ | $/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      const lines = [HEADER, ...rows].map((row) => row.map(cell).join(delimiter));
      const bytes = encode(lines.join(lineEnd) + (table.lastLineEnd ? lineEnd : ''));
      await using source = await sourceOf(compressed ? gzipSync(bytes) : bytes);
      const found = await inspect(source, undefined);
      if (found.kind !== 'readable') throw new Error(`${table.encoding}: ${JSON.stringify(found)}`);
      expect(found.header.cells).toEqual(HEADER);
      const read = async (from: typeof found.body) => {
        const reader = new RecordReader(found.text.bytes, found.dialect, from, blockBytes);
        const head = await reader.next(Math.max(1, table.resumeAfter));
        return { cells: [...head, ...(await reader.next(100))], reader, head };
      };
      const all = await read(found.body);
      expect(all.cells.map((record) => record.kind === 'cells' && record.cells)).toEqual(rows);
      const [next] = all.cells.slice(all.head.length);
      if (!next) return;
      const resumed = await read({ row: next.row, line: next.line, offset: next.offset });
      expect(resumed.cells).toEqual(all.cells.slice(all.head.length));
    }),
    { numRuns: 1500 },
  );
});
