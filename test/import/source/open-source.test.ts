import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { inspect } from '../../../src/import/inspect.ts';
import { RecordReader } from '../../../src/import/reader.ts';
import { sourceOf } from '../bytes.ts';

const TABLE = 'key,name\n1,Müller\n2,"Smith, €"\n3,Šimić – Łódź\n';
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, i) => i));

/** The cells of all records, header first, and the form of the text. */
async function read(bytes: Uint8Array) {
  await using source = await sourceOf(bytes);
  const found = await inspect(source, 0);
  if (found.kind !== 'readable') throw new Error(JSON.stringify(found));
  const start = { row: 0, line: 1, offset: found.header.offset };
  const records = await new RecordReader(found.text.bytes, found.dialect, start).next(1000);
  return {
    cells: records.map((record) => (record.kind === 'cells' ? record.cells : record.problem)),
    encoding: found.dialect.encoding,
    form: found.text.form,
  };
}

const EXPECTED = [
  ['key', 'name'],
  ['1', 'Müller'],
  ['2', 'Smith, €'],
  ['3', 'Šimić – Łódź'],
];

describe('a table reads the same', () => {
  const utf16 = Buffer.from(TABLE, 'utf16le');
  const bom = Buffer.from([0xff, 0xfe]);
  test.each([
    ['in UTF-8', Buffer.from(TABLE), 'text'],
    ['in UTF-8 with a BOM', Buffer.from(`\ufeff${TABLE}`), 'text'],
    ['in UTF-16 with a BOM', Buffer.concat([bom, utf16]), 'utf-16le'],
    ['in UTF-16 without a BOM', utf16, 'utf-16le'],
    ['in big endian UTF-16 with a BOM', Buffer.concat([bom, utf16]).swap16(), 'utf-16be'],
    ['in big endian UTF-16 without a BOM', Buffer.from(utf16).swap16(), 'utf-16be'],
    ['compressed', gzipSync(TABLE), 'text'],
    [
      'compressed in two members',
      Buffer.concat([gzipSync(TABLE.slice(0, 20)), gzipSync(TABLE.slice(20))]),
      'text',
    ],
    ['in UTF-16 and compressed', gzipSync(utf16), 'utf-16le'],
  ])('%s', async (_how, bytes, form) => {
    expect(await read(bytes)).toEqual({ cells: EXPECTED, encoding: 'utf-8', form });
  });
});

test('an umlaut in the last row alone tells Windows-1252', async () => {
  const rows = '1,Smith\n'.repeat(50_000);
  const { cells, encoding } = await read(Buffer.from(`key,name\n${rows}2,M\xfcller\n`, 'latin1'));
  expect(encoding).toBe('windows-1252');
  expect(cells.at(-1)).toEqual(['1', 'Smith']);
  expect((await read(Buffer.from(`key,name\n2,M\xfcller\n`, 'latin1'))).cells[1]).toEqual(['2', 'Müller']);
});

test('every byte of Windows-1252 means what WHATWG says', async () => {
  const decoder = new TextDecoder('windows-1252');
  const meaningful = [...BYTES].filter(
    (byte) => byte >= 0x80 && ![0x81, 0x8d, 0x8f, 0x90, 0x9d].includes(byte),
  );
  for (const byte of meaningful) {
    const { cells } = await read(Buffer.from([...Buffer.from('k,n\n1,x'), byte, ...Buffer.from('x\n')]));
    expect(cells[1]).toEqual(['1', `x${decoder.decode(Uint8Array.of(byte))}x`]);
  }
});

test('what was written in Windows-1252 may look like UTF-8 here and there', async () => {
  const garbled = Buffer.from(`k,n\n1,Ã¼\n${'2,ä ö ü\n'.repeat(9)}`, 'latin1');
  expect((await read(garbled)).encoding).toBe('windows-1252');
});

describe('a file that is cut off is held, and cannot be read when it is released', () => {
  test.each([
    ['gzip', gzipSync(TABLE.repeat(99)).subarray(0, -20), 'The compressed file ends too early'],
    ['UTF-16', Buffer.from(TABLE, 'utf16le').subarray(0, -1), 'The file ends in the middle of a character'],
  ])('%s', async (_what, bytes, problem) => {
    await using source = await sourceOf(bytes);
    const held = await inspect(source, 0);
    expect(held).toMatchObject({ kind: 'cut_off' });
    expect(held.kind === 'cut_off' && held.problem).toMatch(new RegExp(`^${problem}.*Upload it again`));
    expect(await inspect(source, undefined)).toMatchObject({
      kind: 'unreadable',
      error: { code: 'cut_off' },
    });
  });
});

test('a gzip bomb is refused after as much as a table could be', async () => {
  await using source = await sourceOf(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
  expect(await inspect(source, 0)).toMatchObject({
    kind: 'unreadable',
    error: { code: 'too_large', message: expect.stringContaining('more than 13') },
  });
});

test('closing a source closes all that was made of it', async () => {
  const source = await sourceOf(gzipSync(Buffer.from(TABLE, 'utf16le')));
  if (source.kind !== 'text') throw new Error('not read');
  await source[Symbol.asyncDispose]();
  await expect(source.text.bytes.read(0, 1)).rejects.toThrow('closed');
});
