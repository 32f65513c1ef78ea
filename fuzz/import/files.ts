import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { manyTickets } from '../../test/import/tickets.ts';
import type { Random } from '../random.ts';

const FIXTURES = new URL('../../test/fixtures/', import.meta.url);

/** What a file is before it is changed; a good one of each kind is the measure for the time that its changed ones take. */
export type Kind = 'csv' | 'gzip' | 'workbook';

const fixtures = (folder: string, extension: string) =>
  readdirSync(new URL(`${folder}/`, FIXTURES))
    .filter((name) => name.endsWith(extension))
    .map((name) => readFileSync(new URL(`${folder}/${name}`, FIXTURES)));
const CSV = fixtures('csv', '.csv');
const WORKBOOKS = fixtures('xlsx', '.xlsx');
const MOST_TICKETS = 400;

/** A file as partners send them. */
export function anyFile(random: Random): { kind: Kind; bytes: Buffer } {
  if (random.chance(0.1)) return { kind: 'workbook', bytes: random.pick(WORKBOOKS) };
  const text = random.chance(0.5)
    ? random.pick(CSV)
    : Buffer.from(dialect(random, manyTickets(1 + random.below(MOST_TICKETS))));
  const bytes = random.chance(0.2) ? Buffer.from(text.toString('utf8'), 'utf16le') : text;
  return random.chance(0.1) ? { kind: 'gzip', bytes: gzipSync(bytes) } : { kind: 'csv', bytes };
}

/** A good file of about `bytes`. */
export function goodFile(kind: Kind, bytes: number): Buffer {
  if (kind === 'workbook') return WORKBOOKS[0] ?? Buffer.alloc(0);
  const row = manyTickets(2).length / 3;
  if (kind === 'csv') return Buffer.from(manyTickets(Math.ceil(bytes / row)));
  return gzipSync(manyTickets(Math.ceil((8 * bytes) / row)));
}

function dialect(random: Random, text: string): string {
  const lineEnd = random.pick(['\n', '\r\n', '\r']);
  return text.replaceAll('","', `"${random.pick([',', ';', '\t', '|'])}"`).replaceAll('\n', lineEnd);
}
