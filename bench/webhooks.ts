// Deliveries a second to a receiver in a process of its own, from the import's commit to every outcome durable, beside two references:
// the bare HTTP client, which posts the same bodies and nothing else; and ourselves, with one dead endpoint more.
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTickets } from '../test/journey/many-tickets.ts';
import { median, print } from './figures.ts';
import type { Measured } from './webhooks/ours.ts';

const ENDPOINTS = 9; // that answer; a dead one makes ten
/** The flags that src/main.mjs sets. */
const AS_SERVED = ['--min-semi-space-size=4', '--semi-space-growth-factor=1', '--heap-growing-percent=200'];

/** `npm run bench -- webhooks [ROWS] [RUNS]`: 3000 rows, each told to nine endpoints, and three runs, if not told otherwise. */
export async function benchWebhooks([rows = '3000', runs = '3']: string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'policydrop-bench-'));
  const receiver = fork(fileOf('receiver.ts'));
  try {
    const [port] = await once(receiver, 'message');
    measureAll({ directory, port: String(port), rows: Number(rows), runs: Number(runs) });
  } finally {
    await ended(receiver);
    rmSync(directory, { recursive: true, force: true });
  }
}

type Plan = { directory: string; port: string; rows: number; runs: number };

function measureAll({ directory, port, rows, runs }: Plan): void {
  const file = join(directory, 'tickets.csv');
  writeTickets(file, rows);
  const ours = (answering: number, dead: number): Measured => {
    const data = join(directory, 'data');
    rmSync(data, { recursive: true, force: true });
    return JSON.parse(child('ours.ts', [data, file, port, String(answering), String(dead)]));
  };
  const figures = { nine: [], dead: [], one: [], bare: [], bareOne: [], late: [] } as Record<
    string,
    number[]
  >;
  const add = (name: string, value: number) => figures[name]?.push(value);
  for (let run = 1; run <= runs; run++) {
    const nine = ours(ENDPOINTS, 0);
    add('nine', nine.delivered / nine.sent);
    add('late', nine.late);
    const dead = ours(ENDPOINTS, 1);
    add('dead', dead.delivered / dead.sent);
    add('late', dead.late);
    const one = ours(1, 0);
    add('one', one.delivered / one.sent);
    add('bare', nine.delivered / Number(child('bare.ts', [port, String(ENDPOINTS), String(nine.delivered)])));
    add('bareOne', nine.delivered / Number(child('bare.ts', [port, '1', String(nine.delivered)])));
  }
  printTable(figures, runs);
}

function printTable(
  { nine = [], dead = [], one = [], bare = [], bareOne = [], late = [] }: Record<string, number[]>,
  runs: number,
): void {
  const ratio = (a: readonly number[], b: readonly number[]) => (median(a) / median(b)).toFixed(2);
  print(`deliveries a second, medians of ${runs} runs [slowest–fastest]`);
  print(line('to nine endpoints', nine, 'at least 2000'));
  print(line('to nine beside a dead one', dead, `ratio ${ratio(dead, nine)}, at least 0.9`));
  print(line('to one endpoint', one, ''));
  print(line('the bare client, nine paths', bare, `ratio ${ratio(nine, bare)}`));
  print(line('the bare client, one path', bareOne, `ratio ${ratio(one, bareOne)}`));
  print(
    `  ${'main loop late, p99'.padEnd(30)}${`${(Math.max(...late) * 1000).toFixed(1)} ms`.padStart(9)}   below 20 ms`,
  );
}

function line(name: string, rates: readonly number[], target: string): string {
  const range = `[${Math.min(...rates).toFixed(0)}–${Math.max(...rates).toFixed(0)}]`;
  return `  ${name.padEnd(30)}${median(rates).toFixed(0).padStart(9)} ${range.padEnd(14)} ${target}`;
}

function child(script: string, args: readonly string[]): string {
  const { stdout, status } = spawnSync(process.execPath, [...AS_SERVED, fileOf(script), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${script} has failed`);
  return stdout;
}

async function ended(receiver: ChildProcess): Promise<void> {
  const exit = once(receiver, 'exit');
  receiver.disconnect();
  await exit;
}

function fileOf(script: string): string {
  return fileURLToPath(new URL(`webhooks/${script}`, import.meta.url));
}
