import { tmpdir } from 'node:os';
import type { RowError } from '../../src/domain/import.ts';
import { REJECTION_CODES } from '../../src/domain/rejection-codes.ts';
import { readHeader } from '../../src/import/header.ts';
import { inspect, type Table } from '../../src/import/inspect.ts';
import { RecordReader } from '../../src/import/reader.ts';
import { RowReader } from '../../src/import/row.ts';
import { openSource } from '../../src/import/source/open-source.ts';
import { openScratch } from '../../src/inbox/scratch.ts';
import type { Catalogue } from '../../src/product/product.ts';
import { fileOf } from '../../test/import/bytes.ts';
import { Finding } from '../finding.ts';

const CODES: ReadonlySet<string> = new Set(REJECTION_CODES);
const LONGEST_MESSAGE = 1000;
const LONGEST_VALUE = 200;
const SOME = 50;

/** Reads a file as an import does, up to the store; throws a Finding for what must never be. Gives its rows. */
export async function readAll(bytes: Uint8Array, catalogue: Catalogue, released: boolean): Promise<number> {
  await using source = await openSource(fileOf(bytes), { openScratch: () => openScratch(tmpdir(), 0) });
  const found = await inspect(source, released ? undefined : 0);
  if (found.kind === 'unreadable') checkErrors([found.error]);
  if (found.kind !== 'readable') return 0;
  const header = readHeader(found.header.cells, [...catalogue.values()]);
  if (!header.ok) {
    checkErrors(header.errors);
    return 0;
  }
  return await readRows(found, new RowReader(header.header, catalogue));
}

async function readRows(table: Table, reader: RowReader): Promise<number> {
  const records = new RecordReader(table.text.bytes, table.dialect, table.body);
  let rows = 0;
  let end = table.body.offset;
  let line = 0;
  for (;;) {
    const some = await records.next(SOME);
    if (some.length === 0) return rows;
    for (const record of some) {
      if (record.row !== ++rows) throw new Finding(`row ${record.row} comes where row ${rows} should`);
      if (record.offset < end)
        throw new Finding(`row ${rows} begins at ${record.offset}, and the one before ends at ${end}`);
      if (record.line <= line) throw new Finding(`row ${rows} is on line ${record.line}, after line ${line}`);
      end = record.offset + record.length;
      line = record.line;
      if (end > table.text.bytes.size) throw new Finding(`row ${rows} ends beyond the file`);
      const row = reader.read(record);
      if (row.kind === 'rejected') checkErrors(row.errors);
    }
  }
}

function checkErrors(errors: readonly RowError[]): void {
  if (errors.length === 0) throw new Finding('something is rejected without a reason');
  for (const { code, column, value, message } of errors) {
    const isWhole = CODES.has(code) && message !== '' && typeof column === 'string';
    if (!isWhole || message.length > LONGEST_MESSAGE || value.length > LONGEST_VALUE)
      throw new Finding(`no such error should be: ${JSON.stringify({ code, column, value, message })}`);
  }
}
