import { describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/domain/endpoint.ts';
import { EVENT_TYPES } from '../../../src/domain/event.ts';
import type { DeliveryId, ReplayId } from '../../../src/domain/ids.ts';
import type { ReplayQuery } from '../../../src/domain/replay.ts';
import type { Delivery } from '../../../src/store/delivery-store.ts';
import { type AStore, HOUR, NOW, purchase, rejection } from '../a-store.ts';

const LATER = NOW + HOUR;
const STEP = { now: LATER, rows: 100, waiting: 1_000 };
const EVERYTHING: ReplayQuery = { what: 'events', since: NOW, until: LATER, types: EVENT_TYPES };
const FAILED: ReplayQuery = { ...EVERYTHING, what: 'failed' };

export function replayContract(one: () => AStore): void {
  const store = () => one().store;

  /** A file of four rows, the last of them bad: five events. */
  async function anImport(name = 'tickets.csv', mode: 'test' | 'live' = 'test', now = NOW): Promise<void> {
    const claim = await one().claim(name, now, mode);
    const rows = [1, 2, 3].map((row) => purchase(row, `${name}-${row}`));
    await one().commit(claim, [...rows, rejection(4)], 0, now);
    await store().completeImport(one().end(claim, now));
  }

  const idsOf = (deliveries: readonly Delivery[]) =>
    deliveries.flatMap(({ events }) => events.map(({ id }) => id)).toSorted();

  /** All that is due, with what came of it. */
  async function sendAll(problem?: string): Promise<Delivery[]> {
    const deliveries = await one().deliveries();
    await store().recordAttempts(
      deliveries.map(({ id, attempt }) => ({
        ...{ id, attempt, status: 200, problem, response: undefined, pause: undefined },
        ...{ ms: 1, retry_at: undefined, now: NOW },
      })),
    );
    return deliveries;
  }

  async function start(endpoint: Endpoint, query: ReplayQuery) {
    const total = await store().countReplay(endpoint.id, query);
    const account = one().account.id;
    const started = await store().startReplay(account, endpoint.id, { ...query, total, now: LATER });
    if (!started.ok) throw new Error(started.message);
    return started.value;
  }

  async function run(limits = STEP): Promise<void> {
    while (await store().stepReplays(limits));
  }

  test('of what was given up sends each event again once, in a delivery of its own', async () => {
    const endpoint = await one().subscribe();
    await anImport();
    const sent = await sendAll('it answered 500');
    const replay = await start(endpoint, FAILED);
    expect(replay).toMatchObject({ state: 'running', total: 5, done: 0 });
    await run();
    expect(await store().replay(replay.id)).toMatchObject({ state: 'completed', done: 5, ended_at: LATER });
    await store().resumeEndpoint(one().account.id, endpoint.id, LATER); // else it is asked one at a time
    const again = await sendAll();
    expect(idsOf(again)).toEqual(idsOf(sent));
    expect(again.map(({ attempt }) => attempt)).toEqual(again.map(() => 1));
    expect(again.map(({ id }) => id)).not.toContain(sent[0]?.id);
    expect(await store().delivery(sent[0]?.id as DeliveryId)).toMatchObject({ state: 'replayed' });
    expect(await store().countReplay(endpoint.id, FAILED)).toBe(0);
  });

  test('of what happened brings it to an endpoint that was not there, as far as it is wanted', async () => {
    await anImport();
    await anImport('live.csv', 'live');
    const endpoint = await one().subscribe(['policy.created', 'import.completed']);
    const created = { ...EVERYTHING, types: ['policy.created', 'policy.rejected'] } as const;
    expect(await store().countReplay(endpoint.id, EVERYTHING)).toBe(4);
    expect(await start(endpoint, created)).toMatchObject({ total: 3 });
    await run();
    const types = (await sendAll()).flatMap(({ events }) => events.map(({ type, mode }) => [type, mode]));
    expect(types).toEqual([1, 2, 3].map(() => ['policy.created', 'test']));
  });

  test('is of a time', async () => {
    const endpoint = await one().subscribe();
    for (const hours of [0, 1, 2]) await anImport(`${hours}.csv`, 'test', NOW + hours * HOUR);
    const query = { ...EVERYTHING, since: NOW + HOUR, until: NOW + 2 * HOUR };
    const replay = await start(endpoint, query);
    await run();
    expect(await store().replay(replay.id)).toMatchObject({ total: 5, done: 5 });
  });

  test('goes on where it was after a restart, a few rows at a time', async () => {
    const endpoint = await one().subscribe();
    await anImport();
    await sendAll();
    const replay = await start(endpoint, EVERYTHING);
    const steps: number[] = [];
    while (await store().stepReplays({ ...STEP, rows: 1 })) {
      steps.push((await store().replay(replay.id))?.done ?? 0);
      await one().reopen();
    }
    expect(steps).toEqual([1, 4, 5]); // a rejection, three policies in a row, the import
    expect(await store().replay(replay.id)).toMatchObject({ state: 'completed', done: 5 });
    expect(await sendAll()).toHaveLength(5);
  });

  test('waits while enough is due for the endpoint, and for no other', async () => {
    const [slow, other] = [await one().subscribe(), await one().subscribe()];
    await anImport();
    await store().pauseEndpoint(one().account.id, slow.id, NOW);
    const waiting = await start(slow, EVERYTHING);
    expect(await sendAll()).toHaveLength(5);
    const running = await start(other, EVERYTHING);
    await run({ ...STEP, waiting: 5 });
    expect(await store().replay(waiting.id)).toMatchObject({ state: 'running', done: 0 });
    expect(await store().replay(running.id)).toMatchObject({ state: 'completed', done: 5 });
    expect(await store().waitingEvents(slow.id)).toBe(5);
  });

  test('hands on only so many events as are missing, whole chunks at a time', async () => {
    const endpoint = await one().subscribe();
    await anImport();
    await sendAll();
    const replay = await start(endpoint, EVERYTHING);
    const step = { ...STEP, waiting: 2 };
    expect(await store().stepReplays(step)).toBe(true);
    expect(await store().replay(replay.id)).toMatchObject({ state: 'running', done: 4 }); // one, and three in a row
    expect(await store().stepReplays(step)).toBe(false);
    expect(await sendAll()).toHaveLength(4);
    await run(step);
    expect(await store().replay(replay.id)).toMatchObject({ state: 'completed', done: 5 });
    expect(await sendAll()).toHaveLength(1);
  });

  test('that is cancelled hands nothing more to sending', async () => {
    const endpoint = await one().subscribe();
    await anImport();
    await sendAll();
    const replay = await start(endpoint, EVERYTHING);
    await store().stepReplays({ ...STEP, rows: 1 });
    expect(await store().cancelReplay(replay.id, LATER)).toMatchObject({
      value: { state: 'cancelled', done: 1 },
    });
    await run();
    expect(await sendAll()).toHaveLength(1);
    expect(await store().cancelReplay(replay.id, LATER)).toMatchObject({ code: 'replay_ended' });
    expect(await store().cancelReplay('rpl_0' as ReplayId, LATER)).toMatchObject({ code: 'unknown_replay' });
  });

  test('ends with its endpoint, and is for none that the account does not have', async () => {
    const endpoint = await one().subscribe();
    await anImport();
    const replay = await start(endpoint, EVERYTHING);
    await store().removeEndpoint(one().account.id, endpoint.id, LATER);
    expect(await store().stepReplays(STEP)).toBe(false);
    expect(await store().replays(one().account.id, 10)).toEqual([
      { ...replay, state: 'cancelled', ended_at: LATER },
    ]);
    const query = { ...EVERYTHING, total: 5, now: LATER };
    const refusal = { ok: false, code: 'unknown_endpoint' };
    expect(await store().startReplay(one().account.id, endpoint.id, query)).toMatchObject(refusal);
    const stranger = await one().anotherAccount('stranger');
    const theirs = await one().subscribe();
    expect(await store().startReplay(stranger.id, theirs.id, query)).toMatchObject(refusal);
    expect(await store().replays(stranger.id, 10)).toEqual([]);
  });

  describe('of one delivery', () => {
    test('sends it again in a new one, whether it was delivered or given up', async () => {
      await one().subscribe(['import.completed']);
      for (const [name, problem] of [
        ['a.csv', undefined],
        ['b.csv', 'it answered 500'],
      ] as const) {
        await anImport(name);
        const [sent] = await sendAll(problem);
        const again = await store().replayDelivery(sent?.id as DeliveryId, LATER);
        expect(again).toMatchObject({ ok: true });
        const [second] = await sendAll();
        expect(second).toMatchObject({ id: again.ok && again.value, events: sent?.events, attempt: 1 });
      }
    });

    test('that still waits is due at once, and no second one', async () => {
      const { id } = await one().subscribe(['import.completed']);
      await anImport();
      const [first] = await one().deliveries();
      await store().recordAttempts([
        {
          ...{ id: first?.id as DeliveryId, attempt: 1, status: 500, problem: 'no', response: undefined },
          ...{ pause: undefined, ms: 1, retry_at: LATER + 5 * HOUR, now: NOW },
        },
      ]);
      expect(await store().replayDelivery(first?.id as DeliveryId, LATER)).toMatchObject({
        value: first?.id,
      });
      expect((await one().deliveries()).map((one) => [one.id, one.attempt])).toEqual([[first?.id, 2]]);
      expect(await store().waitingEvents(id)).toBe(1);
    });

    test('is refused when there is none, or its endpoint is removed', async () => {
      const endpoint = await one().subscribe(['import.completed']);
      await anImport();
      const [sent] = await sendAll();
      expect(await store().replayDelivery('dlv_0' as DeliveryId, LATER)).toMatchObject({
        code: 'unknown_delivery',
      });
      await store().removeEndpoint(one().account.id, endpoint.id, LATER);
      expect(await store().replayDelivery(sent?.id as DeliveryId, LATER)).toMatchObject({
        code: 'endpoint_removed',
      });
    });
  });

  test('deliveries are listed with how they stand, the newest first', async () => {
    const [a, b] = [await one().subscribe(['policy.created']), await one().subscribe(['import.completed'])];
    await anImport();
    const account = one().account.id;
    const all = await store().deliveries({ account, limit: 10 });
    expect(all.map(({ endpoint, type, events, state }) => [endpoint, type, events, state])).toEqual([
      [b.id, 'import.completed', 1, 'pending'],
      [a.id, 'policy.created', 3, 'pending'],
    ]);
    await sendAll('it answered 500');
    const failed = await store().deliveries({ account, endpoint: b.id, state: 'failed', limit: 10 });
    expect(failed).toMatchObject([
      { endpoint: b.id, problem: 'it answered 500', attempts: 1, next_at: undefined },
    ]);
    const stranger = await one().anotherAccount('stranger');
    expect(await store().deliveries({ account: stranger.id, limit: 10 })).toEqual([]);
    expect(await store().delivery('dlv_0' as DeliveryId)).toBeUndefined();
  });
}
