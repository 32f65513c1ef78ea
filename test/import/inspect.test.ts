import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inspect } from '../../src/import/inspect.ts';
import { scan } from '../../src/import/scan.ts';
import { fileOf } from './bytes.ts';

const ROWS = 'a,b,c\n1,2,3\n4,5,6';

describe('a readable file', () => {
  test('tells its SHA-256, its header and where its rows begin', async () => {
    expect(await inspect(fileOf(`\ufeff${ROWS}\n`), 0)).toMatchObject({
      kind: 'readable',
      sha256: createHash('sha256').update(`\ufeff${ROWS}\n`).digest('hex'),
      dialect: { delimiter: ',', lineEnd: '\n' },
      header: { cells: ['a', 'b', 'c'], line: 1, offset: 3, length: 5 },
      body: { row: 1, line: 2, offset: 9 },
    });
  });

  test('may have blank lines above its header and nothing below', async () => {
    expect(await inspect(fileOf('\n\na,b'), 0)).toMatchObject({
      header: { line: 3, offset: 2 },
      body: { row: 1, line: 4, offset: 5 },
    });
  });
});

describe('a file that is cut off in its last record is held', () => {
  test.each([
    ['between two cells', `${ROWS}\n7,8`],
    ['in the middle of a quoted cell', `${ROWS}\n7,8,"9`],
    ['in a quoted cell, after a line end in it', `${ROWS}\n7,"8\n`],
    ['in a quoted cell, in its second line', `${ROWS}\n7,"8\nand`],
    ['in a quoted cell, in its second line, after its line end', `${ROWS}\n7,"8\nand\n`],
    ['between two cells, with line ends CRLF', 'a,b\r\n1,2\r\n3'],
    ['between two cells, with line ends CR', 'a,b\r1,2\r3'],
    ['between two cells, after a quoted line end', `${ROWS}\n"7\n7",8`],
    ['in the middle of a quoted cell of a file with a bare quote', `${ROWS}\n5" pipe,2,3\n7,"8`],
  ])('%s', async (_where, text) => {
    expect(await inspect(fileOf(text), 0)).toMatchObject({ kind: 'cut_off' });
    expect(await inspect(fileOf(text), undefined), 'unless somebody has released it').toMatchObject({
      kind: 'readable',
    });
  });
});

test('a file that ends in the middle of a character is held, and no UTF-8 when it is released', async () => {
  const file = fileOf(Buffer.from('a,b\n1,2\n3,\xc3', 'latin1'));
  expect(await inspect(file, 0)).toMatchObject({ kind: 'cut_off' });
  expect(await inspect(file, undefined)).toMatchObject({ kind: 'unreadable', error: { code: 'not_utf8' } });
});

test('a file that has fewer bytes than it should have is held, until somebody has released it', async () => {
  const file = fileOf('a,b\n1,2\n');
  expect(await inspect(file, 9)).toMatchObject({
    kind: 'cut_off',
    problem:
      'The file has 8 bytes, and should have at least 9: its end never arrived. Upload it again, or ask the operator to release it as it is.',
  });
  expect(await inspect(file, 8)).toMatchObject({ kind: 'readable' });
  expect(await inspect(file, undefined)).toMatchObject({ kind: 'readable' });
});

describe('a file that is not cut off is not held', () => {
  test.each([
    ['its last line has no line end', ROWS],
    ['its last record has too many cells', `${ROWS}\n7,8,9,10`],
    ['its last record is short and has its line end', `${ROWS}\n7,8\n`],
    ['its last cell is quoted and holds a line end', `${ROWS}\n7,8,"9\n9"`],
    ['its last line has all cells, the last one empty', `${ROWS}\n7,8,`],
    ['a quote inside a cell above is a bad row', `a,b\n5" pipe,2\n3,4\n`],
    ['a quote left open above is a bad row', `a,b\n"1,2\n3,4\n5,6\n`],
    ['text after the last closing quote is a bad row', `a,b\n"1"x,2`],
    ['it is a header only', 'a,b,c'],
  ])('%s', async (_why, text) => {
    expect(await inspect(fileOf(text), 0)).toMatchObject({ kind: 'readable' });
  });
});

test('a file that loses its end anywhere before its last cell is held', async () => {
  const anyCell = fc.string({ unit: fc.constantFrom('a', 'é', '"', '\n', ' '), maxLength: 5 });
  const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
  await fc.assert(
    fc.asyncProperty(fc.tuple(anyCell, anyCell, anyCell), fc.nat(), async (row, cut) => {
      const line = row.map(quoted);
      const last = Buffer.from(`${line[0]},${line[1]}`);
      const kept = last.subarray(0, 1 + (cut % last.length)).toString();
      fc.pre(!kept.includes('\ufffd'));
      expect(await inspect(fileOf(`a,b,c\n${line.join(',')}\n${kept}`), 0)).toMatchObject({
        kind: 'cut_off',
      });
    }),
  );
});

describe('a file that is no CSV file in UTF-8', () => {
  const utf16 = (text: string) => Buffer.from(text, 'utf16le');
  test.each([
    ['an Excel workbook', Buffer.from('PK\x03\x04rest'), 'unsupported_format', 'This is an Excel workbook'],
    ['a gzip file', gzipSync(ROWS), 'unsupported_format', 'compressed with gzip'],
    ['UTF-16 with a BOM', utf16(`\ufeff${ROWS}`), 'unsupported_format', 'UTF-16'],
    ['UTF-16 without a BOM', utf16(ROWS), 'unsupported_format', 'UTF-16'],
    ['UTF-16 big endian without a BOM', utf16(ROWS).swap16(), 'unsupported_format', 'UTF-16'],
    ['empty', Buffer.alloc(0), 'empty_file', 'first line must be the header'],
    ['blank', Buffer.from('\r\n  \r\n'), 'empty_file', 'first line must be the header'],
    ['a BOM only', Buffer.from('\ufeff'), 'empty_file', 'first line must be the header'],
    [
      'Windows-1252',
      Buffer.from('a,b\n1,2\nM\xfcller,3\n', 'latin1'),
      'not_utf8',
      'Line 3 is not UTF-8 text (byte 0xFC)',
    ],
    [
      'without a header that can be read',
      Buffer.from('a,b"\n1,2\n'),
      'malformed_record',
      'The header cannot be read: cell 2',
    ],
  ])('as it is %s, is unreadable and says what to do', async (_what, bytes, code, message) => {
    const found = await inspect(fileOf(bytes), 0);
    expect(found).toMatchObject({ kind: 'unreadable', error: { code } });
    expect(found.kind === 'unreadable' && found.error.message).toContain(message);
  });
});

test('the first byte that is not UTF-8 is found wherever blocks end', async () => {
  const block = 1024 * 1024;
  for (const place of [0, 1, block - 2, block - 1, block, block + 1, 2 * block + 3]) {
    const bytes = Buffer.alloc(2 * block + 10, 'x');
    bytes.write('€', place < 5 ? 10 : block - 8);
    bytes[place] = 0xff;
    expect((await scan(fileOf(bytes))).badByte).toEqual({ offset: place, value: 0xff });
  }
});

test('a character that stands across the end of a block is a good one', async () => {
  for (const character of ['ü', '€', '😀']) {
    for (let before = 0; before < 4; before++) {
      const bytes = Buffer.from('x'.repeat(1024 * 1024 - before) + character);
      expect((await scan(fileOf(bytes))).badByte).toBeUndefined();
    }
  }
});
