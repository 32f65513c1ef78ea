import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { RecordReader } from '../../src/import/reader.ts';
import { inspected, sourceOf } from './bytes.ts';

const CASES = new URL('../../node_modules/csv-spectrum/', import.meta.url);
const names = readdirSync(new URL('csvs/', CASES)).map((name) => name.replace('.csv', ''));

/** A telephone number in a JSON is not that of its CSV. */
const MISTAKE = ['1234567890', '2095257564'] as const;

describe('csv-spectrum', () => {
  test.each(names)('%s', async (name) => {
    const bytes = readFileSync(new URL(`csvs/${name}.csv`, CASES));
    const written = readFileSync(new URL(`json/${name}.json`, CASES), 'utf8').replace(...MISTAKE);
    const expected = [JSON.parse(written)].flat();
    const table = await inspected(bytes, 0);
    if (table.kind !== 'readable') throw new Error(JSON.stringify(table));
    await using source = await sourceOf(bytes);
    if (source.kind !== 'text') throw new Error('no text');
    const records = await new RecordReader(source.text.bytes, table.dialect, table.body).next(1000);
    const rows = records.map((record) => {
      if (record.kind !== 'cells') throw new Error(JSON.stringify(record));
      return Object.fromEntries(table.header.cells.map((column, i) => [column, record.cells[i]]));
    });
    expect(rows).toEqual(expected);
  });
});
