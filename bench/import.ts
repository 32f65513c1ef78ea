// A file of 33 columns, from the inbox to all policies durable and the reports written, beside two references: the raw limit, the same
// rows inserted into the same schema and nothing else; and what a partner's engineer would write in a day.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTickets } from '../test/journey/many-tickets.ts';
import { median, megabytes, print } from './figures.ts';
import type { Measured } from './import/ours.ts';

const GROWN = 5_000_000; // policies that the grown store holds
const WORTH_GROWING = 1_000_000; // rows: a short run does without the grown store
/** The flags that src/main.mjs sets. */
const AS_SERVED = ['--min-semi-space-size=4', '--semi-space-growth-factor=1', '--heap-growing-percent=200'];
const MEMORY_ROWS = ['100000', '1000000', '3000000'];

/** `npm run bench -- import [ROWS] [RUNS]`: a million rows and three runs, if not told otherwise. Takes some 3 GB of disk. */
export async function benchImport([rows = '1000000', runs = '3']: string[]): Promise<void> {
  await inDirectory((directory) => measureAll(directory, Number(rows), Number(runs)));
}

/** `npm run bench -- import-memory [ROWS…]`: peak resident memory of imports of several sizes. */
export async function benchImportMemory(sizes: string[]): Promise<void> {
  await inDirectory((directory) => {
    for (const rows of sizes.length > 0 ? sizes : MEMORY_ROWS) {
      const { peak } = imported(fresh(directory, 'data'), ticketsIn(directory, Number(rows)), Number(rows));
      print(`${rows} rows × 33 columns: ${megabytes(peak)} resident at most`);
    }
  });
}

async function inDirectory(work: (directory: string) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'policydrop-bench-'));
  const end = () => process.exit(130);
  process.once('SIGINT', end).once('exit', () => rmSync(directory, { recursive: true, force: true }));
  work(directory);
}

type Figures = Record<'empty' | 'grown' | 'raw' | 'script' | 'again' | 'peak' | 'late', number[]>;

function measureAll(directory: string, rows: number, runs: number): void {
  const file = ticketsIn(directory, rows);
  const figures: Figures = { empty: [], grown: [], raw: [], script: [], again: [], peak: [], late: [] };
  const grown = rows >= WORTH_GROWING ? grownStore(directory, file, rows) : undefined;
  for (let run = 1; run <= runs; run++) {
    say(`run ${run} of ${runs}: an empty store, and the same file again`);
    const data = fresh(directory, 'data');
    const { first, again, peak, late } = imported(data, file, rows);
    figures.empty.push(rows / first);
    figures.again.push(rows / again);
    figures.peak.push(peak);
    figures.late.push(late);
    say(`run ${run}: the raw limit`);
    figures.raw.push(rows / Number(child('raw.ts', [data, fresh(directory, 'raw')])));
    say(`run ${run}: the day's script`);
    figures.script.push(rows / Number(child('day-script.ts', [file])));
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}.db${end}`, { force: true });
    if (grown === undefined) continue;
    say(`run ${run}: a store that holds ${GROWN} policies`);
    const copy = fresh(directory, 'data');
    cpSync(grown, copy, { recursive: true });
    figures.grown.push(rows / imported(copy, file, rows).first);
  }
  printTable(figures, rows, runs);
}

function printTable(
  { empty, grown, raw, script, again, peak, late }: Figures,
  rows: number,
  runs: number,
): void {
  const ratio = (reference: number[]) => (median(empty) / median(reference)).toFixed(2);
  print(`${rows} rows × 33 columns; rows a second, medians of ${runs} runs [slowest–fastest]`);
  print(line('into an empty store', empty, 'at least 45000'));
  if (grown.length > 0) print(line(`into one that holds ${GROWN} policies`, grown, 'at least 20000'));
  print(line('the same file again, all duplicates', again, 'at least 80000'));
  print(line('the raw limit', raw, `ratio ${ratio(raw)}, at least 0.5`));
  print(line("the day's script", script, `ratio ${ratio(script)}, at least 3`));
  print(
    `  ${'resident memory at most'.padEnd(37)}${megabytes(Math.max(...peak)).padStart(9)}   at most 350 MB`,
  );
  print(
    `  ${'main loop late, p99'.padEnd(37)}${`${(Math.max(...late) * 1000).toFixed(1)} ms`.padStart(9)}   below 20 ms`,
  );
}

function line(name: string, rates: readonly number[], target: string): string {
  const range = `[${Math.min(...rates).toFixed(0)}–${Math.max(...rates).toFixed(0)}]`;
  return `  ${name.padEnd(37)}${median(rates).toFixed(0).padStart(9)} ${range.padEnd(17)} ${target}`;
}

/** A store with our own rows, filled up; the rows of `file` are not in it. */
function grownStore(directory: string, file: string, rows: number): string {
  say(`a store that holds ${GROWN} policies is made`);
  const grown = fresh(directory, 'grown');
  const other = ticketsIn(directory, 2_000, 'earlier');
  imported(grown, other, 2_000);
  child('grown.ts', [grown, String(GROWN)]);
  if (statSync(file).size < rows) throw new Error('nothing to read');
  return grown;
}

function imported(data: string, file: string, rows: number): Measured {
  const measured: Measured = JSON.parse(child('ours.ts', [data, file]));
  if (measured.created !== rows) throw new Error(`only ${measured.created} of ${rows} rows were created`);
  return measured;
}

function ticketsIn(directory: string, rows: number, keys = 'ticket'): string {
  const file = join(directory, `${keys}.csv`);
  writeTickets(file, rows, keys);
  return file;
}

function fresh(directory: string, name: string): string {
  const path = join(directory, name);
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { mode: 0o700 });
  return path;
}

function child(script: string, args: readonly string[]): string {
  const path = fileURLToPath(new URL(`import/${script}`, import.meta.url));
  const { stdout, status } = spawnSync(process.execPath, [...AS_SERVED, path, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${script} has failed`);
  return stdout;
}

function say(phase: string): void {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)}  ${phase}\n`);
}
