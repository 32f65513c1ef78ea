import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_COLUMNS } from '../../../../src/import/header.ts';
import { Unreadable } from '../../../../src/import/source/unreadable.ts';
import type { SheetRow } from '../../../../src/import/source/xlsx/sheet-reader.ts';
import { sheetRows } from '../../../../src/import/source/xlsx/sheet-rows.ts';
import { fileOf } from '../../bytes.ts';
import { EXAMPLE } from '../../tickets.ts';
import { type Oddity, sheet, workbook, zip } from './a-workbook.ts';

const FIXTURES = new URL('../../../fixtures/xlsx/', import.meta.url);

async function rowsOf(bytes: Uint8Array): Promise<SheetRow[]> {
  const rows: SheetRow[] = [];
  for await (const some of sheetRows(fileOf(bytes))) rows.push(...some);
  return rows;
}

/** The cells of a workbook's first row. */
async function cellsOf(oddity: Oddity): Promise<readonly string[] | undefined> {
  return (await rowsOf(workbook(oddity)))[0]?.cells;
}

test.each(['libreoffice', 'write-excel-file'])('the example by %s has the cells of the CSV', async (by) => {
  const rows = await rowsOf(readFileSync(new URL(`example-by-${by}.xlsx`, FIXTURES)));
  const lines = EXAMPLE.trim().split('\n');
  const expected = lines.map((line) =>
    line
      .trim()
      .slice(1, -1)
      .split(/" *, *"/),
  );
  expect(rows.map(({ cells }) => cells)).toEqual(expected);
  expect(rows.map(({ number }) => number)).toEqual([1, 2, 3]);
});

describe('a cell is the text that a CSV would hold', () => {
  const number = (stored: string, style = '0') => `<c s="${style}"><v>${stored}</v></c>`;
  test.each<[string, Oddity, string]>([
    [
      'a shared text',
      {
        strings: '<si><t>no</t></si><si><t>Müller &amp; Co</t></si>',
        rows: '<row><c t="s"><v>1</v></c></row>',
      },
      'Müller & Co',
    ],
    [
      'a shared text in runs, without how it is spoken',
      {
        strings:
          '<si><r><t>東</t></r><r><t xml:space="preserve">京 </t></r><rPh sb="0" eb="1"><t>トウキョウ</t></rPh></si>',
        rows: '<row><c t="s"><v>0</v></c></row>',
      },
      '東京 ',
    ],
    [
      'a text of its own',
      { rows: '<row><c t="inlineStr"><is><r><t>in</t></r><r><t>line</t></r></is></c></row>' },
      'inline',
    ],
    ['the text of a formula', { rows: '<row><c t="str"><f>A1&amp;"x"</f><v>result</v></c></row>' }, 'result'],
    ['CDATA', { rows: '<row><c t="inlineStr"><is><t><![CDATA[a<b]]></t></is></c></row>' }, 'a<b'],
    [
      'line breaks of all kinds',
      { rows: '<row><c t="inlineStr"><is><t>a_x000D_\nb&#13;c\nd</t></is></c></row>' },
      'a\nb\nc\nd',
    ],
    [
      'an underscore that was escaped',
      { rows: '<row><c t="inlineStr"><is><t>_x005F_x0041_</t></is></c></row>' },
      '_x0041_',
    ],
    ['yes', { rows: '<row><c t="b"><v>1</v></c></row>' }, '1'],
    ['an error', { rows: '<row><c t="e"><v>#N/A</v></c></row>' }, '#N/A'],
    ['a whole number', { rows: `<row>${number('5597')}</row>` }, '5597'],
    ['a number with a rounding error', { rows: `<row>${number('0.30000000000000004')}</row>` }, '0.3'],
    ['a long number', { rows: `<row>${number('12345678901234567890')}</row>` }, '12345678901234567890'],
    ['a number with an exponent', { rows: `<row>${number('1.5E+21')}</row>` }, '1500000000000000000000'],
    ['a small number', { rows: `<row>${number('1.5E-7')}</row>` }, '0.00000015'],
    ['a negative number', { rows: `<row>${number('-12.50')}</row>` }, '-12.5'],
    ['a padded number', { rows: `<row>${number('1067', '1')}</row>`, formats: ['00000'] }, '01067'],
    ['a price', { rows: `<row>${number('30', '1')}</row>`, formats: ['#,##0.00 "days" [$€-407]'] }, '30'],
    ['a date', { rows: `<row>${number('44876', '1')}</row>`, formats: ['dd.mm.yyyy'] }, '2022-11-11'],
    [
      'a date with the name of the month',
      { rows: `<row>${number('44876', '1')}</row>`, formats: ['[$-407]mmmm;@'] },
      '2022-11-11',
    ],
    [
      'a date shown without its time',
      { rows: `<row>${number('44876.75', '1')}</row>`, formats: ['yyyy-mm-dd'] },
      '2022-11-11',
    ],
    [
      'a date with a time',
      { rows: `<row>${number('44876.75', '1')}</row>`, formats: ['yyyy\\-mm\\-dd hh:mm'] },
      '2022-11-11T18:00:00',
    ],
    [
      'a date at midnight',
      { rows: `<row>${number('44876', '1')}</row>`, formats: ['yyyy-mm-dd hh:mm'] },
      '2022-11-11',
    ],
    ['a time', { rows: `<row>${number('0.75', '1')}</row>`, formats: ['hh:mm'] }, '18:00:00'],
    [
      'the first of March 1900',
      { rows: `<row>${number('61', '1')}</row>`, formats: ['yyyy-mm-dd'] },
      '1900-03-01',
    ],
    [
      'the day before, but one that never was',
      { rows: `<row>${number('59', '1')}</row>`, formats: ['yyyy-mm-dd'] },
      '1900-02-28',
    ],
    [
      'a date of an old Mac',
      {
        rows: `<row>${number('43414', '1')}</row>`,
        formats: ['yyyy-mm-dd'],
        workbook: '<workbookPr date1904="1"/>',
      },
      '2022-11-11',
    ],
    [
      'a date after the year 9999',
      { rows: `<row>${number('9999999', '1')}</row>`, formats: ['yyyy-mm-dd'] },
      '9999999',
    ],
    ['a date in ISO 8601', { rows: '<row><c t="d"><v>2022-11-11T00:00:00</v></c></row>' }, '2022-11-11'],
    [
      'letters in quotes and colours are no date',
      { rows: `<row>${number('7', '1')}</row>`, formats: ['[Red]0" days"'] },
      '7',
    ],
  ])('%s', async (_what, oddity, text) => {
    expect(await cellsOf(oddity)).toEqual([text]);
  });
});

describe('rows and cells', () => {
  const text = (content: string, at = '') => `<c ${at} t="inlineStr"><is><t>${content}</t></is></c>`;
  test('stand where they say, or behind those before them', async () => {
    const rows = `<row r="2">${text('b', 'r="B2"')}${text('c')}</row><row>${text('a')}</row><row r="9"><c r="A9"/></row><row r="10">${text('z', 'r="Z10"')}</row>`;
    expect(await rowsOf(workbook({ rows }))).toEqual([
      { number: 2, cells: ['', 'b', 'c'] },
      { number: 3, cells: ['a'] },
      { number: 10, cells: [...new Array(25).fill(''), 'z'] },
    ]);
  });

  test('that are empty do not count, wherever they stand', async () => {
    const rows = `<row r="1">${text('a', 'r="A1"')}<c r="XFD1" s="1"/></row><row r="1048576"><c r="XFD1048576" s="1"/></row>`;
    expect(await rowsOf(workbook({ rows, formats: ['0'] }))).toEqual([{ number: 1, cells: ['a'] }]);
  });

  test('are those of the first sheet that is visible', async () => {
    const sheets =
      '<sheet name="One" sheetId="1" r:id="r1" state="hidden"/><sheet name="Two" sheetId="2" r:id="r2"/>';
    expect(await cellsOf({ sheets })).toEqual(['second']);
  });

  test('may have names with a prefix, and parts names in another case', async () => {
    const part = sheet(`<x:row>${text('a').replaceAll(/<(\/?)/g, '<$1x:')}</x:row>`)
      .replaceAll(/<(\/?)(worksheet|sheetData)/g, '<$1x:$2')
      .replace('xmlns=', 'xmlns:x=');
    const bytes = workbook({ parts: { 'xl/worksheets/sheet1.xml': '', 'XL/Worksheets/Sheet1.XML': part } });
    expect(await rowsOf(bytes)).toEqual([{ number: 1, cells: ['a'] }]);
  });

  test('may be written in UTF-16', async () => {
    const part = Buffer.from(
      `\ufeff${sheet(`<row>${text('ü')}</row>`).replace('UTF-8', 'UTF-16')}`,
      'utf16le',
    );
    expect(await rowsOf(workbook({ parts: { 'xl/worksheets/sheet1.xml': part } }))).toEqual([
      { number: 1, cells: ['ü'] },
    ]);
  });
});

describe('what is no such workbook, or too large, is refused', () => {
  const cell = (at: string) => `<c r="${at}"><v>1</v></c>`;
  test.each<[string, Buffer, string, string]>([
    ['a ZIP archive of something else', zip({ 'a.txt': 'x' }), 'unsupported_format', 'no Excel workbook'],
    [
      'an OpenDocument file',
      zip({ mimetype: 'application/vnd.oasis' }),
      'unsupported_format',
      'an OpenDocument file',
    ],
    ['a workbook that is cut off', workbook({}).subarray(0, -30), 'cut_off', 'its end never arrived'],
    ['no sheet', workbook({ sheets: '' }), 'empty_file', 'no sheet with cells'],
    [
      'a part that is missing',
      workbook({ sheets: '<sheet r:id="r1"/>', parts: { 'xl/styles.xml': '<styleSheet>' } }),
      'damaged_file',
      'unclosed tag',
    ],
    [
      'a text that is not there',
      workbook({ rows: '<row><c t="s"><v>5</v></c></row>' }),
      'damaged_file',
      'no text number 5',
    ],
    [
      'a DOCTYPE with entities',
      workbook({ parts: { 'xl/worksheets/sheet1.xml': `<!DOCTYPE x [<!ENTITY a "aaaa">]>${sheet('')}` } }),
      'damaged_file',
      'DOCTYPE',
    ],
    [
      'rows in disorder',
      workbook({ rows: '<row r="3"/><row r="2"/>' }),
      'damaged_file',
      'row 2 comes after row 3',
    ],
    [
      'cells in disorder',
      workbook({ rows: `<row>${cell('B1')}${cell('A1')}</row>` }),
      'damaged_file',
      'cell A1',
    ],
    [
      'too many columns',
      workbook({ rows: `<row r="7">${cell('XFD7')}</row>` }),
      'too_large',
      `Cell 16384 of row 7 holds something, and a row has at most ${MAX_COLUMNS}`,
    ],
    [
      'too many rows',
      workbook({ rows: `<row r="1048577">${cell('A1048577')}</row>` }),
      'too_large',
      'more than 1048576 rows',
    ],
    [
      'an endless text',
      workbook({ rows: `<row><c t="str"><v>${randomBytes(5_000_000).toString('hex')}</v></c></row>` }),
      'too_large',
      'a text of more than',
    ],
    [
      'a bomb',
      workbook({ rows: `<row>${' '.repeat(3_000_000)}</row>`.repeat(30) }),
      'too_large',
      'xl/worksheets/sheet1.xml has more than',
    ],
  ])('%s', async (_what, bytes, code, message) => {
    const error = await rowsOf(bytes).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(Unreadable);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  test('sizes that lie', async () => {
    const bytes = zip({ '_rels/.rels': '<Relationships/>' }, { '_rels/.rels': 3 });
    await expect(rowsOf(bytes)).rejects.toMatchObject({ code: 'damaged_file' });
  });
});

test('whatever is changed in a workbook, it is read or refused', async () => {
  const good = readFileSync(new URL('example-by-libreoffice.xlsx', FIXTURES));
  const change = fc.tuple(fc.nat(good.length - 1), fc.uint8Array({ minLength: 1, maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { minLength: 1, maxLength: 5 }),
      fc.nat(good.length),
      async (changes, cut) => {
        const bytes = Buffer.from(cut % 3 === 0 ? good.subarray(0, cut) : good);
        for (const [at, content] of changes)
          if (at < bytes.length) bytes.set(content.subarray(0, bytes.length - at), at);
        const error = await rowsOf(bytes).then(
          () => undefined,
          (error: unknown) => error,
        );
        expect(error === undefined || error instanceof Unreadable, String(error)).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});
