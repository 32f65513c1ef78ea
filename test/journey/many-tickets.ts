import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { EXAMPLE } from './a-server.ts';

const [HEADER = ''] = readFileSync(EXAMPLE, 'utf8').split('\n');
const NAMES = ['Nick Malone', 'Zoë Müller', 'John Smith', 'Łukasz Nowak', 'Ana-Maria Núñez'];
const BLOCK = 1_000; // rows written at once

/** Writes a file of `rows` good rows of 33 columns, about 380 bytes each; the same call makes the same file. */
export function writeTickets(path: string, rows: number, keys = 'ticket'): void {
  const file = openSync(path, 'w');
  writeSync(file, `${HEADER.replaceAll('", "', '","')}\n`);
  for (let first = 0; first < rows; first += BLOCK) {
    const count = Math.min(BLOCK, rows - first);
    writeSync(file, Array.from({ length: count }, (_, i) => ticket(keys, first + i)).join(''));
  }
  closeSync(file);
}

function ticket(keys: string, n: number): string {
  const [first, last] = (NAMES[n % NAMES.length] ?? '').split(' ');
  const event = n % 20 === 0 ? `"The ""Grand"" Opening, night ${n % 7}"` : `Event number ${n % 500}`;
  const email = `customer.${n}@example.com`;
  return `${uuid(`${keys}-${n}`)},in_41c2f22d51612f04ee2c48eca3dc0,2026-12-0${1 + (n % 9)},${n % 2},0,${1000 + (n % 9) * 500},${first},${last},${email},en,2026-11-02,2026-11-02,1,${100000 + n},100000,euro,${event},2026-12-24,2026-12-24,Concert hall ${n % 40},Example City,Germany,Example Tickets,${email},${first},${last},${n % 200},Example street,Example City,44444,55555,55555,1\n`;
}

/** A UUID that is always the same for the same name. */
function uuid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
