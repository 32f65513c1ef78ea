import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Site } from '../a-site.ts';
import { expectGolden } from '../golden.ts';
import { EXAMPLE } from '../tickets.ts';
import { workbook } from './xlsx/a-workbook.ts';

const fixture = (by: string) =>
  readFileSync(new URL(`../../fixtures/xlsx/example-by-${by}.xlsx`, import.meta.url));

let site: Site;
beforeAll(async () => {
  site = await Site.open();
});
afterAll(() => site.close());

describe('the published example becomes the same policies', () => {
  test.each([
    ['by LibreOffice', 'tickets.xlsx', fixture('libreoffice')],
    ['by write-excel-file', 'tickets-2.xlsx', fixture('write-excel-file')],
    ['as compressed CSV', 'tickets.csv.gz', gzipSync(EXAMPLE)],
    ['as a workbook that is named otherwise', 'tickets.csv', fixture('libreoffice')],
  ])('%s', async (_by, name, bytes) => {
    await site.import('first.csv', EXAMPLE);
    const one = await site.import(name, bytes);
    expect(one).toMatchObject({ state: 'completed', rows: 2, duplicates: 2, rejected: 0 });
  });

  test('in a new account', async () => {
    const other = await Site.open();
    try {
      const policies = async (one: Awaited<ReturnType<Site['import']>>) =>
        (await other.policies(one.id)).map(
          ({ id, policy_number, import_id, created_at, mode, ...same }) => same,
        );
      const byCsv = await policies(await other.import('tickets.csv', EXAMPLE, 'test'));
      const byWorkbook = await policies(await other.import('tickets.xlsx', fixture('libreoffice'), 'live'));
      expect(byWorkbook).toHaveLength(2);
      expect(byWorkbook).toEqual(byCsv);
    } finally {
      await other.close();
    }
  });
});

test('a workbook with bad rows: lines are the rows of the sheet, and what was rejected is a CSV', async () => {
  const text = (cell: string) => `<c t="inlineStr"><is><t xml:space="preserve">${cell}</t></is></c>`;
  const row = (number: number, ...cells: string[]) => `<row r="${number}">${cells.map(text).join('')}</row>`;
  const rows = [
    row(3, 'idempotency_key', 'integration_id', 'policy.first_name', 'metadata.note'),
    row(5, 'a', 'in_41c2f22d51612f04ee2c48eca3dc0', 'Müller', ' two\nlines, "quoted" '),
    row(6, 'b', 'in_41c2f22d51612f04ee2c48eca3dc0'),
    row(9, 'c', 'in_nobody', 'x', 'y', 'z'),
  ];
  const one = await site.import('bad.xlsx', workbook({ rows: rows.join('') }));
  const [report, rejected] = [await site.report(one, 'report'), await site.report(one, 'rejected')];
  expectGolden('workbook-with-bad-rows.txt', `${report}\n---\n${rejected}`);
  const again = await site.import('again.csv', rejected ?? '');
  expect(again).toMatchObject({ state: 'completed', rows: 3, rejected: 3 });
});
