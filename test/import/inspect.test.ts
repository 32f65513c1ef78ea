import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scan } from '../../src/import/scan.ts';
import { fileOf, inspected } from './bytes.ts';

const ROWS = 'a,b,c\n1,2,3\n4,5,6';

describe('a readable file', () => {
  test('tells its dialect, its header and where its rows begin', async () => {
    expect(await inspected(`\ufeff${ROWS}\n`, 0)).toMatchObject({
      kind: 'readable',
      dialect: { delimiter: ',', lineEnd: '\n', encoding: 'utf-8' },
      header: { cells: ['a', 'b', 'c'], line: 1, offset: 3, length: 5 },
      body: { row: 1, line: 2, offset: 9 },
    });
  });

  test('may have blank lines above its header and nothing below', async () => {
    expect(await inspected('\n\na,b', 0)).toMatchObject({
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
    expect(await inspected(text, 0)).toMatchObject({ kind: 'cut_off' });
    expect(await inspected(text, undefined), 'unless somebody has released it').toMatchObject({
      kind: 'readable',
    });
  });
});

test('a file that ends in the middle of a character is held, and no UTF-8 when it is released', async () => {
  const file = Buffer.concat([Buffer.from('a,b\nü,2\n3,'), Buffer.of(0xc3)]);
  expect(await inspected(file, 0)).toMatchObject({ kind: 'cut_off' });
  expect(await inspected(file, undefined)).toMatchObject({
    kind: 'unreadable',
    error: { code: 'invalid_encoding' },
  });
});

test('a file that has fewer bytes than it should have is held, until somebody has released it', async () => {
  const file = 'a,b\n1,2\n';
  expect(await inspected(file, 9)).toMatchObject({
    kind: 'cut_off',
    problem:
      'The file has 8 bytes, and should have at least 9: its end never arrived. Upload it again, or ask the operator to release it as it is.',
  });
  expect(await inspected(file, 8)).toMatchObject({ kind: 'readable' });
  expect(await inspected(file, undefined)).toMatchObject({ kind: 'readable' });
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
    expect(await inspected(text, 0)).toMatchObject({ kind: 'readable' });
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
      expect(await inspected(`a,b,c\n${line.join(',')}\n${kept}`, 0)).toMatchObject({
        kind: 'cut_off',
      });
    }),
  );
});

describe('a file that cannot be read', () => {
  const umlauts = 'ä ö ü ß € – é ñ ø å\n'.repeat(3);
  test.each([
    [
      'an Excel workbook of old',
      Buffer.from('d0cf11e0a1b11ae1', 'hex'),
      'unsupported_format',
      'old Excel workbook (.xls)',
    ],
    ['a PDF', Buffer.from('%PDF-1.7'), 'unsupported_format', 'This is a PDF document: save it'],
    ['compressed twice', gzipSync(gzipSync(ROWS)), 'unsupported_format', 'compressed twice'],
    [
      'a damaged gzip file',
      damaged(gzipSync(ROWS.repeat(99))),
      'damaged_file',
      'upload it again, in binary mode',
    ],
    ['empty', Buffer.alloc(0), 'empty_file', 'first line must be the header'],
    ['blank', Buffer.from('\r\n  \r\n'), 'empty_file', 'first line must be the header'],
    ['a BOM only', Buffer.from('\ufeff'), 'empty_file', 'first line must be the header'],
    ['nothing, compressed', gzipSync(''), 'empty_file', 'first line must be the header'],
    [
      'UTF-8 with a byte that was damaged',
      Buffer.concat([Buffer.from(`a,b\n${umlauts}`), Buffer.from('1,2\nM\xfcller,3\n', 'latin1')]),
      'invalid_encoding',
      'Line 6 is not UTF-8 text (byte 0xFC), as the rest of the file is',
    ],
    [
      'no text in Windows-1252 either',
      Buffer.from('a,b\n1,\xfc\n\x81,3\n', 'latin1'),
      'invalid_encoding',
      'Line 2 is not UTF-8 text (byte 0xFC)',
    ],
    [
      'UTF-16 with half a character',
      Buffer.from('\ufeffa,b\n1,\ud83d,\n', 'utf16le'),
      'invalid_encoding',
      'Line 1, or one soon after it, is not UTF-16 text',
    ],
    [
      'without a header that can be read',
      Buffer.from('a,"b"c\n1,2\n'),
      'malformed_record',
      'The header cannot be read: cell 2',
    ],
  ])('as it is %s, says what to do', async (_what, bytes, code, message) => {
    const found = await inspected(bytes, undefined);
    expect(found).toMatchObject({ kind: 'unreadable', error: { code } });
    expect(found.kind === 'unreadable' && found.error.message).toContain(message);
  });
});

function damaged(bytes: Buffer): Buffer {
  bytes.writeUInt8((bytes.at(-6) ?? 0) ^ 1, bytes.length - 6); // in the check sum
  return bytes;
}

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
