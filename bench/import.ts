// A file of 33 columns, from the inbox to all policies durable and the reports written, beside what a partner's
// engineer would write in a day: csv-parse, Ajv and batches of 1 000 into SQLite (`day-script.ts`).
import { spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, Site } from '../test/journey/a-server.ts';
import { writeTickets } from '../test/journey/many-tickets.ts';
import { median, megabytes, peakResident, print } from './figures.ts';

const DAY_SCRIPT = fileURLToPath(new URL('./day-script.ts', import.meta.url));

type Measured = { rate: number; rss: number; delay: number };
type ImportRecord = { state: string; created: number; started_at: string; completed_at: string; id: string };

export async function benchImport([rows = '100000', runs = '3']: string[]): Promise<void> {
  const count = Number(rows);
  const ours: Measured[] = [];
  const script: number[] = [];
  for (let run = 0; run < Number(runs); run++) {
    ours.push(await importHere(count));
    script.push(dayScript(count));
    const last = ours.at(-1);
    print(
      `run ${run + 1}: ours ${last?.rate.toFixed(0)} rows/s, ${megabytes(last?.rss)}; the day's script ${script.at(-1)?.toFixed(0)} rows/s`,
    );
  }
  const rate = median(ours.map((one) => one.rate));
  print();
  print(`${count} rows × 33 columns, medians of ${runs} runs`);
  print(`  import            ${rate.toFixed(0)} rows/s`);
  print(`  the day's script  ${median(script).toFixed(0)} rows/s`);
  print(`  ratio             ${(rate / median(script)).toFixed(2)}`);
  print(`  peak resident     ${megabytes(Math.max(...ours.map((one) => one.rss)))}`);
  print(`  main loop p99     ${(Math.max(...ours.map((one) => one.delay)) * 1000).toFixed(1)} ms`);
}

async function importHere(rows: number): Promise<Measured> {
  const site = new Site();
  try {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    const server = await site.start();
    const file = join(site.directory, 'tickets.csv');
    writeTickets(file, rows);
    site.sftp(`put ${file} test/`);
    await delayOf(server.httpPort); // the figure counts from the last look on: while the import runs
    await eventually(() => isDone(site), 600_000);
    const delay = await delayOf(server.httpPort);
    const rss = peakResident(server.child.pid ?? 0);
    const [one] = site.cli<ImportRecord>('imports', 'list');
    const [details] = site.cli<ImportRecord>('imports', 'show', one?.id ?? '');
    if (details?.created !== rows) throw new Error(`only ${details?.created} of ${rows} rows were created`);
    const seconds = (Date.parse(details.completed_at) - Date.parse(details.started_at)) / 1000;
    return { rate: rows / seconds, rss, delay };
  } finally {
    await site.remove();
  }
}

function isDone(site: Site): boolean {
  spawnSync('sleep', ['2']); // looking costs a process on the same two cores
  return site.cli<ImportRecord>('imports', 'list')[0]?.state === 'completed';
}

function dayScript(rows: number): number {
  const site = new Site();
  const file = join(site.directory, 'tickets.csv');
  writeTickets(file, rows);
  const { stdout, stderr, status } = spawnSync(process.execPath, [DAY_SCRIPT, file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  if (statSync(file).size === 0) throw new Error('nothing to read');
  rmSync(site.directory, { recursive: true });
  return rows / Number(stdout);
}

/** The main thread's event loop delay, p99 in seconds since the last call. */
async function delayOf(httpPort: number): Promise<number> {
  const metrics = await (await fetch(`http://127.0.0.1:${httpPort}/metrics`)).text();
  return Number(/^nodejs_eventloop_lag_p99_seconds ([\d.e+-]+)/m.exec(metrics)?.[1]);
}
