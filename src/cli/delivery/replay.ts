import { setTimeout as sleep } from 'node:timers/promises';
import { EVENT_TYPES, type EventType } from '../../domain/event.ts';
import type { AccountId, DeliveryId, EndpointId } from '../../domain/ids.ts';
import type { Replay, ReplayQuery } from '../../domain/replay.ts';
import type { OpenStore } from '../../store/open.ts';
import { lockDirectory } from '../../store/sqlite/lock.ts';
import { printLines, printList, printRecord } from '../output.ts';
import { deliveryRecord } from '../records.ts';
import { accountNamed, must, Refused, type Session, withExistingStore } from '../session.ts';
import { waitingBar } from '../waiting-bar.ts';
import { deliveryOf } from './delivery.ts';
import { printReplays } from './replays.ts';

const LOOK_EVERY = 200; // ms between looks at the store

type ReplayOptions = {
  account?: string;
  endpoint?: string;
  failed?: true;
  since?: number;
  until?: number;
  event?: EventType[];
  dryRun?: true;
  wait?: true;
};

export async function replay(
  session: Session,
  id: string | undefined,
  options: ReplayOptions,
): Promise<void> {
  await withExistingStore(session, async (store) => {
    if (id !== undefined) return replayOne(session, store, id, options);
    if (options.account === undefined || options.since === undefined) {
      throw new Refused(
        'Name a delivery, or give --account and --since, and --failed for what was given up.',
        true,
      );
    }
    return replayTime(session, store, options.account, options.since, options);
  });
}

async function replayOne(
  session: Session,
  store: OpenStore,
  id: string,
  options: ReplayOptions,
): Promise<void> {
  if (Object.keys(options).length > 0)
    throw new Refused('A delivery is named: the other options are for many of them.', true);
  await deliveryOf(store, id);
  const again = must(await store.replayDelivery(id as DeliveryId, Date.now()));
  printRecord(deliveryRecord(await deliveryOf(store, again)), session.json);
}

/** A job for each endpoint, so that one that is slow holds no other up. */
async function replayTime(
  session: Session,
  store: OpenStore,
  name: string,
  since: number,
  options: ReplayOptions,
): Promise<void> {
  const now = Date.now();
  const { until = now, event: types = EVENT_TYPES } = options;
  const query = {
    what: options.failed ? 'failed' : 'events',
    since,
    until: Math.min(until, now),
    types,
  } as const;
  if (options.wait && !isServed(session.config.data)) {
    throw new Refused(
      '--wait needs a running server. Without it the replay is kept, and begins with the next start.',
    );
  }
  if (query.since >= query.until) throw new Refused('--since must be before --until, and in the past.', true);
  const account = (await accountNamed(store, name)).id;
  const counted = await countsOf(store, account, name, options.endpoint, query);
  if (options.dryRun) {
    const rows = counted.map(({ endpoint, url, total }) => ({ endpoint, url, events: total }));
    return printList(rows, { json: session.json, empty: '' });
  }
  const started: Replay[] = [];
  for (const { endpoint, total } of counted)
    if (total > 0) started.push(must(await store.startReplay(account, endpoint, { ...query, total, now })));
  const last = options.wait ? await waitForAll(store, started) : started;
  printReplays(session, last, 'There is nothing to send again.');
  if (!options.wait && !session.json && started.length > 0)
    printLines([`policydrop delivery replays --account ${name} shows how far it is.`]);
}

async function countsOf(
  store: OpenStore,
  account: AccountId,
  name: string,
  only: string | undefined,
  query: ReplayQuery,
): Promise<{ endpoint: EndpointId; url: string; total: number }[]> {
  const endpoints = (await store.endpoints(account)).filter(({ id }) => only === undefined || id === only);
  if (endpoints.length === 0) {
    const what = only === undefined ? 'no endpoint' : `no endpoint ${only}`;
    throw new Refused(`${name} has ${what}. policydrop webhook list ${name} shows them.`);
  }
  return Promise.all(
    endpoints.map(async ({ id, url }) => ({
      endpoint: id,
      url,
      total: await store.countReplay(id, query),
    })),
  );
}

/** Until every job has ended; a running server does the work. */
async function waitForAll(store: OpenStore, started: readonly Replay[]): Promise<Replay[]> {
  const bar = waitingBar('events handed to sending');
  try {
    for (;;) {
      const now = await Promise.all(started.map(async (one) => (await store.replay(one.id)) ?? one));
      const sum = (of: (one: Replay) => number) => now.reduce((total, one) => total + of(one), 0);
      bar.at(
        sum(({ done }) => done),
        sum(({ total }) => total),
      );
      if (now.every(({ state }) => state !== 'running')) return now;
      await sleep(LOOK_EVERY);
    }
  } finally {
    bar.stop();
  }
}

/** Whether a server works on the directory: without one nobody would do what is waited for. */
function isServed(data: string): boolean {
  const lock = lockDirectory(data, 0);
  if (lock.ok) lock.value.release();
  return !lock.ok;
}
