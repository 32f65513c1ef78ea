// One process that imports a file, and then the same file again: from the inbox to all policies durable and the reports
// written. Arguments: the data directory, which may hold policies already, and the file. Prints what it measured.
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from '../../src/domain/account.ts';
import type { Import } from '../../src/domain/import.ts';
import { startImporter } from '../../src/import/importer.ts';
import { localSpool } from '../../src/inbox/spool.ts';
import { takeFile } from '../../src/inbox/take-file.ts';
import { publishShippedProducts } from '../../src/serve/shipped-products.ts';
import { openStore } from '../../src/store/open.ts';
import { peakResident } from '../figures.ts';

const LOOK_EVERY = 200; // ms

/** Seconds; bytes of resident memory at most; seconds that the main thread's loop was late, 99th percentile. */
export type Measured = {
  readonly created: number;
  readonly first: number;
  readonly again: number;
  readonly peak: number;
  readonly late: number;
};

const [dataDir = '', file = ''] = process.argv.slice(2);
const store = await openStore(dataDir);
await publishShippedProducts(store, Date.now);
const spool = await localSpool(join(dataDir, 'spool'));
const account = await partner();
const say = (message: string, fields: object = {}) =>
  process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
const log = { info: () => {}, warn: say, error: say };
const importer = await startImporter({ ports: store.ports, dataDir, grace: 0, log });
const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
const first = await imported('first.csv');
loop.disable();
const again = await imported('again.csv');
if (again.duplicates !== first.rows)
  throw new Error(`only ${again.duplicates} of ${first.rows} rows were duplicates`);
const measured: Measured = {
  created: first.created,
  first: seconds(first),
  again: seconds(again),
  peak: peakResident(process.pid),
  late: loop.percentile(99) / 1e9,
};
await importer.stop();
await store.close();
process.stdout.write(JSON.stringify(measured));

async function partner(): Promise<Account> {
  const known = await store.account('partner');
  if (known) return known;
  const added = await store.addAccount({
    name: 'partner',
    modes: ['test'],
    integrations: [],
    keys: [],
    now: Date.now(),
  });
  if (!added.ok) throw new Error(added.message);
  return added.value;
}

async function imported(name: string): Promise<Import> {
  const taken = await takeFile(
    { store, spool, clock: Date.now },
    { account, mode: 'test', name, localPath: file },
  );
  if (!taken.ok) throw new Error(taken.message);
  importer.wake();
  for (;;) {
    await sleep(LOOK_EVERY);
    const one = await store.import(taken.value.import, Date.now());
    if (one?.state === 'completed') return one;
    if (one?.problem) throw new Error(one.problem);
  }
}

function seconds({ started_at = 0, completed_at = 0 }: Import): number {
  return (completed_at - started_at) / 1000;
}
