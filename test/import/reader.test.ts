import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DELIMITERS, type Dialect } from '../../src/import/dialect.ts';
import {
  type CsvRecord,
  MAX_CELL_BYTES,
  MAX_RECORD_BYTES,
  type Position,
  RecordReader,
} from '../../src/import/reader.ts';
import { fileOf } from './bytes.ts';

const COMMA: Dialect = { delimiter: ',', lineEnd: '\n', encoding: 'utf-8' };
const START: Position = { row: 1, line: 1, offset: 0 };

type Reading = { dialect?: Dialect; from?: Position; block?: number; limit?: number };

async function read(content: string | Uint8Array, reading: Reading = {}): Promise<CsvRecord[]> {
  const { dialect = COMMA, from = START, block, limit = 100 } = reading;
  const reader = new RecordReader(fileOf(content), dialect, from, block);
  const records: CsvRecord[] = [];
  for (;;) {
    const batch = await reader.next(limit);
    if (batch.length === 0) return records;
    records.push(...batch);
  }
}

function cellsOf(records: readonly CsvRecord[]): (readonly string[] | string)[] {
  return records.map((record) => (record.kind === 'cells' ? record.cells : record.problem.kind));
}

async function cells(content: string | Uint8Array, reading: Reading = {}) {
  return cellsOf(await read(content, reading));
}

describe('a record', () => {
  test('ends with LF, CRLF or the end of the file', async () => {
    expect(await cells('a,b\nc,d\r\ne,f')).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ]);
  });

  test('ends with CR where the first one does', async () => {
    expect(
      await cells('a,b\rc,"d\re"\r', { dialect: { delimiter: ',', lineEnd: '\r', encoding: 'utf-8' } }),
    ).toEqual([
      ['a', 'b'],
      ['c', 'd\re'],
    ]);
  });

  test('has no blanks around its cells, inside of quotes it has', async () => {
    expect(await cells('  a , " b ",  "c"  ,\td\t\n')).toEqual([['a', ' b ', 'c', 'd']]);
  });

  test('keeps empty cells, also around tabs that delimit', async () => {
    expect(await cells(',a,,\n')).toEqual([['', 'a', '', '']]);
    expect(
      await cells('\ta\t\t\n', { dialect: { delimiter: '\t', lineEnd: '\n', encoding: 'utf-8' } }),
    ).toEqual([['', 'a', '', '']]);
    expect(
      await cells('\t"a"\t \t\n', { dialect: { delimiter: '\t', lineEnd: '\n', encoding: 'utf-8' } }),
    ).toEqual([['', 'a', '', '']]);
  });

  test('may hold delimiters, line ends and doubled quotes in quotes', async () => {
    expect(await cells('"a,b","c\r\nd","e ""f"" g",""""\r\n')).toEqual([['a,b', 'c\r\nd', 'e "f" g', '"']]);
  });

  test('may be short or long', async () => {
    expect(await cells('a,b\nc\nd,e,f\n')).toEqual([['a', 'b'], ['c'], ['d', 'e', 'f']]);
  });

  test('is none on a blank line, and the next one knows its line and place', async () => {
    const records = await read('a,b\n\n  \r\n"c\nd",e\r\nf,g');
    expect(records.map(({ row, line, offset, length }) => [row, line, offset, length])).toEqual([
      [1, 1, 0, 3],
      [2, 4, 9, 7],
      [3, 6, 18, 3],
    ]);
  });

  test('of a file that is empty or blank there is none', async () => {
    expect(await cells('')).toEqual([]);
    expect(await cells('\n \n\r\n')).toEqual([]);
  });

  test('after three megabytes of blank lines is still found', async () => {
    expect(await cells(`${'\n'.repeat(3 * MAX_RECORD_BYTES)}a,b\n`)).toEqual([['a', 'b']]);
  });

  test('is decoded as UTF-8 wherever blocks end', async () => {
    const text = 'Zoë,"Łukasz, €",👩‍👩‍👧\nä,b,c\n';
    for (let block = 1; block < 20; block++) {
      expect(await cells(text, { block })).toEqual([
        ['Zoë', 'Łukasz, €', '👩‍👩‍👧'],
        ['ä', 'b', 'c'],
      ]);
    }
  });
});

test('a quote inside a cell that does not begin with one is itself', async () => {
  const lines = '5" pipe,"6"" pipe"\nx,y"\na"b"c,""\n';
  expect(await cells(lines)).toEqual([
    ['5" pipe', '6" pipe'],
    ['x', 'y"'],
    ['a"b"c', ''],
  ]);
  expect(await cells(lines, { block: 1 })).toEqual([
    ['5" pipe', '6" pipe'],
    ['x', 'y"'],
    ['a"b"c', ''],
  ]);
});

describe('a malformed record', () => {
  test.each([
    ['text after a closing quote', '"a"b,c', 'text_after_quote'],
    ['text after a closing quote and a blank', '"a" b,c', 'text_after_quote'],
    ['a NUL', 'a,b\0', 'nul'],
    ['a NUL in quotes', '"a","b\0"', 'nul'],
    ['a quote that is never closed', '"a,b', 'unclosed_quote'],
  ])('with %s leaves the lines below alone', async (_what, line, problem) => {
    expect(await cells(`1,2\n${line}\n3,4\n5,6\n`)).toEqual([['1', '2'], problem, ['3', '4'], ['5', '6']]);
    expect(await cells(`1,2\r\n${line}`, { block: 1 })).toEqual([['1', '2'], problem]);
  });

  test('names its cell, and its place is its first line', async () => {
    const [, record] = await read('a\nb, "c\nd"e\nf\n');
    expect(record).toEqual({
      kind: 'malformed',
      row: 2,
      line: 2,
      offset: 2,
      length: 5,
      problem: { kind: 'text_after_quote', cell: 2 },
    });
  });

  test('with an open quote ends after as much as a record may hold', async () => {
    const lines = `x,y\n`.repeat(MAX_RECORD_BYTES / 2);
    const records = await read(`"a,b\n${lines}`, { limit: 10_000 });
    expect(records[0]).toMatchObject({ kind: 'malformed', length: 4, problem: { kind: 'record_too_long' } });
    expect(records).toHaveLength(1 + MAX_RECORD_BYTES / 2);
  });

  test('is one that is longer than a record may be, and its place is cut between two characters', async () => {
    const long = `x${'ä'.repeat(5 * MAX_RECORD_BYTES)}`;
    const records = await read(`a,b\n${long}\nc,d\n`);
    expect(cellsOf(records)).toEqual([['a', 'b'], 'record_too_long', ['c', 'd']]);
    expect(records[1]).toMatchObject({ row: 2, line: 2, offset: 4, length: MAX_RECORD_BYTES - 1 });
    expect(records[2]).toMatchObject({ row: 3, line: 3 });
    expect(await cells(long)).toEqual(['record_too_long']);
  });

  test('is one with a cell that is longer than a cell may be', async () => {
    const longest = 'x'.repeat(MAX_CELL_BYTES);
    expect(await cells(`${longest},"${longest}"\n`)).toEqual([[longest, longest]]);
    expect(await cells(`${longest}x,a\nb,c\n`)).toEqual(['cell_too_long', ['b', 'c']]);
  });
});

test.each([
  ['open quotes', '"a\n'],
  ['bare quotes', 'x"\n'],
  ['doubled quotes', '""""\n'],
  ['odd quotes', '"a""\n'],
  ['quotes after delimiters', ',",\n'],
])('a megabyte of %s is read in a few passes', async (_what, line) => {
  let bytes = 0;
  const file = fileOf(line.repeat(MAX_RECORD_BYTES / line.length));
  const counting = {
    ...file,
    read: async (offset: number, length: number, into?: Buffer) => {
      const block = await file.read(offset, length, into);
      bytes += block.length;
      return block;
    },
  };
  const reader = new RecordReader(counting, COMMA, START);
  let rows = 0;
  for (let batch = await reader.next(1000); batch.length > 0; batch = await reader.next(1000))
    rows += batch.length;
  expect(bytes).toBe(file.size);
  expect(rows).toBeGreaterThan(1000);
});

const anyCell = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'é', '€', '😀', ' ', '"', ',', ';', '|', '\n', '\r\n'),
    maxLength: 8,
  }),
  fc.string({ maxLength: 12 }),
);

const anyTable = fc.record({
  rows: fc.array(fc.array(fc.tuple(anyCell, fc.boolean(), fc.nat(2)), { minLength: 1, maxLength: 5 }), {
    maxLength: 8,
  }),
  delimiter: fc.constantFrom(...DELIMITERS),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  lastLineEnd: fc.boolean(),
  block: fc.integer({ min: 1, max: 40 }),
  limit: fc.integer({ min: 1, max: 4 }),
});

type AnyTable = typeof anyTable extends fc.Arbitrary<infer T> ? T : never;

/** The table as a file: cells in quotes where they must or may be, with blanks around some. */
function written({ rows, delimiter, lineEnd, lastLineEnd }: AnyTable): string {
  const cell = ([text, quotes, blanks]: readonly [string, boolean, number]) => {
    const plain = /^[^",;\t|\r\n\0]*$/.test(text) && text.trim() === text;
    const pad = ' '.repeat(blanks);
    return pad + (plain && !quotes ? text : `"${text.replaceAll('"', '""')}"`) + pad;
  };
  const lines = rows.map((row) => row.map(cell).join(delimiter));
  return lines.join(lineEnd) + (lastLineEnd ? lineEnd : '');
}

test('any table is read as csv-parse reads it, whatever the dialect and the blocks', async () => {
  await fc.assert(
    fc.asyncProperty(anyTable, async (table) => {
      const { delimiter, lineEnd, block, limit } = table;
      const text = written(table);
      const expected = parse(text, {
        delimiter,
        trim: true,
        skip_empty_lines: true,
        relax_column_count: true,
        record_delimiter: lineEnd === '\r' ? '\r' : ['\r\n', '\n'],
      });
      fc.pre(!text.includes('\0'));
      expect(await cells(text, { dialect: { delimiter, lineEnd, encoding: 'utf-8' }, block, limit })).toEqual(
        expected,
      );
    }),
    { numRuns: 1000 },
  );
});

test('any text gives the same records, whatever the blocks and wherever reading goes on', async () => {
  const anyText = fc.string({
    unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', '\0'),
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(anyText, fc.integer({ min: 1, max: 10 }), fc.nat(10), async (text, block, skip) => {
      const all = await read(text);
      expect(await read(text, { block, limit: 1 })).toEqual(all);
      const reader = new RecordReader(fileOf(text), COMMA, START);
      const before = skip === 0 ? [] : await reader.next(skip);
      expect([...before, ...(await read(text, { from: reader.position }))]).toEqual(all);
    }),
    { numRuns: 1000 },
  );
});

test('every record stands where it says, and no byte but line ends and blanks belongs to none', async () => {
  const anyText = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n'), maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(anyText, async (text) => {
      const bytes = Buffer.from(text);
      let end = 0;
      for (const { offset, length, line } of await read(text)) {
        expect(bytes.subarray(end, offset).toString().trim()).toBe('');
        expect(bytes.subarray(0, offset).toString().split('\n')).toHaveLength(line);
        end = offset + length;
      }
      expect(bytes.subarray(end).toString().trim()).toBe('');
    }),
  );
});
