// What rules and price cost beside all else that is done to a row before it goes to the store: splitting, mapping, checks, hash. Both
// are measured in turns, on the same rows in the same process.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Nested } from '../src/domain/policy.ts';
import { ChunkReader } from '../src/import/chunk-reader.ts';
import { type Header, readHeader } from '../src/import/header.ts';
import { inspect, type Table } from '../src/import/inspect.ts';
import { compileMapping } from '../src/import/mapping.ts';
import { RecordReader } from '../src/import/reader.ts';
import { openSource } from '../src/import/source/open-source.ts';
import { openLocalReader } from '../src/inbox/local-upload.ts';
import { openScratch } from '../src/inbox/scratch.ts';
import { compileProduct } from '../src/product/compile.ts';
import type { Integration } from '../src/product/product.ts';
import { readProduct } from '../src/product/read-product.ts';
import { writeTickets } from '../test/journey/many-tickets.ts';
import { median, print } from './figures.ts';

const CHUNK = 1_000; // rows
const file = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

/** The rows of a file, and how they are read. */
type Sample = {
  readonly name: string;
  readonly integration: Integration;
  readonly header: Header;
  readonly table: Table;
};

/** `npm run bench -- rating [ROWS] [RUNS]`: 50 000 rows and seven runs, if not told otherwise. */
export async function benchRating([rows = '50000', runs = '7']: string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'policydrop-bench-'));
  try {
    print(`microseconds a row, medians of ${runs} runs of ${rows} rows`);
    const tickets = join(directory, 'tickets.csv');
    writeTickets(tickets, Number(rows));
    await measure('one table (tickets)', 'products/ticketplan-ticket-refund.yaml', tickets, Number(runs));
    const trips = join(directory, 'trips.csv');
    writeTrips(trips, Number(rows));
    await measure('parts, factors and rules (travel)', 'examples/products/travel.yaml', trips, Number(runs));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measure(name: string, definition: string, path: string, runs: number): Promise<void> {
  const [integration] = compileProduct(definitionIn(definition), 1);
  if (!integration) throw new Error(`${definition} has no module`);
  await using source = await openSource(await openLocalReader(path), {
    openScratch: () => openScratch(tmpdir(), 0),
  });
  const table = await inspect(source, 0);
  if (table.kind !== 'readable') throw new Error(`${path} cannot be read`);
  const header = readHeader(table.header.cells, [integration]);
  if (!header.ok) throw new Error(JSON.stringify(header.errors));
  const sample = { name, integration, header: header.header, table };
  const data = await dataOf(sample);
  const read: number[] = [];
  const rated: number[] = [];
  for (let run = 0; run < runs; run++) {
    read.push(await timeToRead(sample, data.length));
    rated.push(timeToRate(integration, data));
  }
  const [all, price] = [median(read), median(rated)];
  const share = `${((100 * price) / all).toFixed(1)} %`;
  print(
    `  ${name.padEnd(34)} whole row ${all.toFixed(2).padStart(6)}   rules and price ${price.toFixed(2)}   share ${share}`,
  );
}

/** Every row from its bytes to what the store is given. */
async function timeToRead({ integration, header, table }: Sample, rows: number): Promise<number> {
  const reader = new ChunkReader(table, header, new Map([[integration.id, integration]]));
  const start = performance.now();
  for (;;) {
    const chunk = await reader.next(CHUNK);
    if (!chunk) return (1000 * (performance.now() - start)) / rows;
    if (chunk.rows.rejected.length > 0) throw new Error(JSON.stringify(chunk.rows.rejected[0]));
  }
}

function timeToRate(integration: Integration, data: readonly Data[]): number {
  const start = performance.now();
  for (const { quoteData, policy } of data) {
    if (integration.brokenRules(quoteData, policy).length > 0 || !integration.rate(quoteData).ok) {
      throw new Error('a row is bad');
    }
  }
  return (1000 * (performance.now() - start)) / data.length;
}

type Data = { readonly quoteData: Nested; readonly policy: Nested };

async function dataOf({ integration, header, table }: Sample): Promise<Data[]> {
  const { map } = compileMapping(header, integration);
  const records = new RecordReader(table.text.bytes, table.dialect, table.body);
  const data: Data[] = [];
  for (;;) {
    const some = await records.next(CHUNK);
    if (some.length === 0) return data;
    for (const record of some) if (record.kind === 'cells') data.push(map(record.cells));
  }
}

function definitionIn(path: string) {
  const read = readProduct(file(path), path);
  if (!read.ok) throw new Error(read.message);
  return read.value;
}

/** The example's rows again and again, each time with keys of their own. */
function writeTrips(path: string, rows: number): void {
  const [header = '', ...examples] = file('examples/travel.csv').trim().split('\n');
  const lines = Array.from({ length: rows }, (_, row) => {
    const cells = (examples[row % examples.length] ?? '').split(';');
    return cells.with(0, `trip-${row}`).join(';');
  });
  writeFileSync(path, `${[header, ...lines].join('\n')}\n`);
}
