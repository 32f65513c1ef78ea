import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The published example, as printed. */
export const EXAMPLE = readFileSync(
  fileURLToPath(new URL('../../examples/tickets.csv', import.meta.url)),
  'utf8',
);

const [HEADER = '', FIRST = ''] = EXAMPLE.replaceAll('", ', '",').replaceAll(/" +"/g, '","').split('\n');
const KEY = 'c93dc6de-08f7-4551-ab0e-ea19e5fccb2c';

/** A good row with a key of its own and what `change` does to its text. */
export function ticket(key: string, change: (line: string) => string = (line) => line): string {
  return change(FIRST.replace(KEY, key));
}

/** A file of such rows. */
export function tickets(...rows: readonly string[]): string {
  return [HEADER, ...rows, ''].join('\n');
}

/** A file of `count` rows with keys of their own; every seventh is a bad one. */
export function manyTickets(count: number, keys = 'key'): string {
  const rows = Array.from({ length: count }, (_, i) =>
    ticket(`${keys}-${i}`, (line) => (i % 7 === 3 ? line.replace('"Nick"', '""') : line)),
  );
  return tickets(...rows);
}
