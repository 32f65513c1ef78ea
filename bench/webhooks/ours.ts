// One process that imports a file for an account with endpoints, and then sends what they are to get. Arguments: an empty data directory,
// the file, the receiver's port, how many endpoints answer, and how many more never do. Prints what it measured.
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Import } from '../../src/domain/import.ts';
import { startImporter } from '../../src/import/importer.ts';
import { localSpool } from '../../src/inbox/spool.ts';
import { takeFile } from '../../src/inbox/take-file.ts';
import { publishShippedProducts } from '../../src/serve/shipped-products.ts';
import type { DeliveryOutcome } from '../../src/store/delivery-store.ts';
import { openStore } from '../../src/store/open.ts';
import { addEndpoint, newSecrets } from '../../src/webhooks/endpoints.ts';
import { startSender } from '../../src/webhooks/sender.ts';
import { secretVault } from '../../src/webhooks/vault.ts';
import { linksAt } from '../../test/webhooks/links.ts';

const LOOK_EVERY = 20; // ms

/** Seconds of the import; of the deliveries to those that answer; that the main thread's loop was late, 99th percentile. */
export type Measured = {
  readonly imported: number;
  readonly sent: number;
  readonly delivered: number;
  readonly late: number;
};

const [dataDir = '', file = '', port = '', answering = '1', dead = '0'] = process.argv.slice(2);
const store = await openStore(dataDir);
const vault = secretVault(Buffer.alloc(32, 1));
await publishShippedProducts(store, Date.now);
const added = await store.addAccount({
  name: 'partner',
  modes: ['test'],
  integrations: [],
  keys: [],
  now: Date.now(),
});
if (!added.ok) throw new Error(added.message);
const account = added.value;
for (let i = 0; i < Number(answering); i++) await subscribe(`/hooks/${i}`);
for (let i = 0; i < Number(dead); i++) await subscribe('/dead');
const imported = await importFile();
const loop = monitorEventLoopDelay({ resolution: 5 });
loop.enable();
const { sent, delivered } = await sendAll(imported.created * Number(answering));
loop.disable();
const { started_at = 0, completed_at = 0 } = imported;
const measured: Measured = {
  imported: (completed_at - started_at) / 1000,
  sent,
  delivered,
  late: loop.percentile(99) / 1e9,
};
process.stdout.write(JSON.stringify(measured), () => process.exit()); // what the dead ones hold is not waited for

async function subscribe(path: string): Promise<void> {
  const endpoint = { account: account.id, url: `http://127.0.0.1:${port}${path}`, modes: ['test'] } as const;
  const secrets = newSecrets({ ed25519: false });
  const wanted = { description: '', events: ['policy.created'], batch: 1 } as const;
  const settings = { ...endpoint, ...wanted, secrets, now: Date.now() };
  const made = await addEndpoint({ store, vault }, settings);
  if (!made.ok) throw new Error(made.message);
}

async function importFile(): Promise<Import> {
  const spool = await localSpool(join(dataDir, 'spool'));
  const silent = { info: () => {}, warn: () => {}, error: console.error };
  const importer = await startImporter({ ports: store.ports, dataDir, grace: 0, log: silent });
  const drop = { account, mode: 'test', name: 'tickets.csv', localPath: file } as const;
  const taken = await takeFile({ store, spool, clock: Date.now }, drop);
  if (!taken.ok) throw new Error(taken.message);
  importer.wake();
  for (;;) {
    await sleep(LOOK_EVERY);
    const one = await store.import(taken.value.import, Date.now());
    if (one?.problem) throw new Error(one.problem);
    if (one?.state !== 'completed') continue;
    await importer.stop();
    return one;
  }
}

async function sendAll(expected: number): Promise<{ sent: number; delivered: number }> {
  let delivered = 0;
  const count = (outcomes: readonly DeliveryOutcome[]) => {
    delivered += outcomes.filter(({ problem }) => problem === undefined).length;
  };
  const begun = performance.now();
  startSender({
    store: {
      claimDeliveries: (claim) => store.claimDeliveries(claim),
      recordAttempts: (outcomes) => store.recordAttempts(outcomes),
      exchangeDeliveries: async (outcomes, claim) => {
        const exchanged = await store.exchangeDeliveries(outcomes, claim);
        count(outcomes);
        return exchanged;
      },
    },
    vault,
    allow: ['127.0.0.0/8'],
    links: linksAt(),
    clock: Date.now,
    random: Math.random,
    tally: { delivered: 0, failed: 0, given_up: 0 },
    log: { info: () => {}, warn: () => {}, error: console.error },
  });
  while (delivered < expected) await sleep(LOOK_EVERY);
  return { sent: (performance.now() - begun) / 1000, delivered };
}
