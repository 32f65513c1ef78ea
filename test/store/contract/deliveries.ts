import { describe, expect, test } from 'vitest';
import { DISABLE_AFTER } from '../../../src/domain/endpoint-health.ts';
import type { EventType } from '../../../src/domain/event.ts';
import type { Delivery, DeliveryOutcome } from '../../../src/store/delivery-store.ts';
import type { NewEndpoint } from '../../../src/store/endpoint-store.ts';
import { type AStore, FAILED, HOUR, idOf, NOW, purchase, ROOM, rejection, typesOf } from '../a-store.ts';

const WANTED: readonly EventType[] = ['policy.created', 'policy.rejected', 'endpoint.disabled'];
const DELIVERED = { ...FAILED, status: 204, problem: undefined };

export function deliveryContract(one: () => AStore): void {
  const claim = (now: number, room = {}) =>
    one().store.claimDeliveries({ ...ROOM, lease: HOUR, now, ...room });
  const record = (deliveries: readonly Delivery[], outcome: Partial<DeliveryOutcome>) =>
    one().store.recordAttempts(deliveries.map(({ id, attempt }) => ({ ...FAILED, id, attempt, ...outcome })));
  const policies = async (count: number, name = 'tickets.csv') => {
    const rows = Array.from({ length: count }, (_, i) => purchase(i + 1, `${name}-${i}`));
    await one().commit(await one().claim(name), rows);
  };
  const endpoint = ({ events = WANTED, ...options }: Partial<NewEndpoint> = {}) =>
    one().subscribe(events, options);

  describe('are cut from what a chunk left', () => {
    test('each once, in the order of the events, whatever room there is at a time', async () => {
      await one().subscribe();
      await policies(5);
      const sent = [];
      for (const perEndpoint of [2, 3, 4, 9]) sent.push(...(await claim(NOW, { perEndpoint })));
      expect(sent.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1, 1]);
      expect(sent.map(({ events }) => events)).toEqual(sent.map(({ events }) => [events[0]]));
      const rows = sent.map(({ events: [event] }) => event?.type === 'policy.created' && event.policy.row);
      expect(rows).toEqual([1, 2, 3, 4, 5]);
      expect(new Set(sent.map(({ id }) => id)).size).toBe(5);
    });

    test('in batches for an endpoint that wants them, of one type each', async () => {
      await endpoint({ batch: 3 });
      const rows = [1, 2, 3, 4].map((row) => purchase(row, `${row}`));
      await one().commit(await one().claim(), [...rows, rejection(5), rejection(6)]);
      expect((await claim(NOW)).map(typesOf)).toEqual([
        ['policy.rejected', 'policy.rejected'],
        ['policy.created', 'policy.created', 'policy.created'],
        ['policy.created'],
      ]);
    });

    test('and a batch stays as it was, under its id, when it is sent again', async () => {
      await endpoint({ batch: 2 });
      await policies(4);
      const [first, second] = await claim(NOW);
      if (!first || !second) throw new Error('two were to be claimed');
      await record([first], { retry_at: NOW + 5 });
      await record([second], DELIVERED);
      expect(await claim(NOW + 5)).toEqual([{ ...first, attempt: 2 }]);
      await one().store.dropClaims(); // of a process that has died
      expect(await claim(NOW + 5)).toEqual([{ ...first, attempt: 2 }]);
    });

    test('and large events end a batch early', async () => {
      await endpoint({ batch: 100 });
      const big = 'x'.repeat(600_000);
      await one().commit(
        await one().claim(),
        [1, 2, 3].map((row) => purchase(row, `${row}`, big)),
      );
      expect((await claim(NOW)).map(({ events }) => events.length)).toEqual([2, 1]);
    });
  });

  describe('of an endpoint that is failing', () => {
    test('are asked one at a time, ever less often, until one succeeds', async () => {
      await one().subscribe();
      await policies(9);
      await record(await claim(NOW, { perEndpoint: 4 }), { retry_at: NOW + HOUR });
      expect(await claim(NOW + 999)).toEqual([]);
      const probe = await claim(NOW + 1_000);
      expect(probe).toHaveLength(1);
      expect(probe[0]?.endpoint.failing_since).toBe(NOW);
      expect(await claim(NOW + 1_000)).toEqual([]);
      await record(probe, { retry_at: NOW + HOUR, now: NOW + 8_000 });
      expect(await claim(NOW + 15_999)).toEqual([]);
      const next = await claim(NOW + 16_000);
      expect(next).toHaveLength(1);
      await record(next, { ...DELIVERED, now: NOW + 16_000 });
      expect(await claim(NOW + 16_000)).toHaveLength(3);
    });

    test('take no more places than probes have, and leave the others theirs', async () => {
      for (let i = 0; i < 5; i++) await endpoint();
      await policies(1, 'one.csv');
      await record(await claim(NOW), { retry_at: NOW + 1 });
      await one().subscribe();
      await policies(9, 'two.csv');
      const claimed = await claim(NOW + 2_000, { places: 8, probes: 2 });
      const failing = claimed.filter(({ endpoint }) => endpoint.failing_since !== undefined);
      expect(failing).toHaveLength(2);
      expect(claimed.length).toBeGreaterThan(2);
    });

    test('wait as long as a receiver with too much to do asks, though others succeed', async () => {
      await one().subscribe();
      await policies(3);
      const [a, b] = await claim(NOW, { perEndpoint: 2 });
      if (!a || !b) throw new Error('two were to be claimed');
      await one().store.recordAttempts([
        { ...FAILED, id: a.id, status: 429, pause: 30_000, retry_at: NOW + HOUR },
        { ...DELIVERED, id: b.id },
      ]);
      expect(await claim(NOW + 29_999)).toEqual([]);
      expect(await claim(NOW + 30_000)).toHaveLength(1);
    });
  });

  describe('of an endpoint that has failed for five days', () => {
    const failForDays = async () => {
      await record(await claim(NOW), { retry_at: NOW + 1 });
      const late = NOW + DISABLE_AFTER;
      return record(await claim(late), { now: late, problem: 'no answer within 15 s', retry_at: late + 1 });
    };

    test('are kept and not attempted, and the other endpoints are told', async () => {
      const bad = await endpoint({ modes: ['test', 'live'] });
      await policies(2);
      expect(await failForDays()).toEqual([
        { account: 'partner', endpoint: bad.id, problem: expect.stringContaining('no answer within 15 s') },
      ]);
      await policies(1, 'more.csv');
      expect(await claim(NOW + 2 * DISABLE_AFTER)).toEqual([]);
      expect(await one().store.endpoints(one().account.id)).toMatchObject([
        { disabled: { at: NOW + DISABLE_AFTER, problem: expect.stringContaining('every attempt since') } },
      ]);
    });

    test('are told of to other endpoints only', async () => {
      const bad = await endpoint({ events: ['policy.created', 'endpoint.disabled'] });
      const good = await endpoint({ events: ['endpoint.disabled'] });
      await policies(1);
      await failForDays();
      const [told, ...others] = await claim(NOW + 2 * DISABLE_AFTER);
      expect(others).toEqual([]);
      expect(told?.endpoint.id).toBe(good.id);
      expect(told?.events).toMatchObject([
        { type: 'endpoint.disabled', endpoint: { id: bad.id, url: bad.url } },
      ]);
    });

    test('are all sent when it is resumed', async () => {
      const bad = await endpoint();
      await policies(2);
      await failForDays();
      await policies(3, 'more.csv');
      const now = NOW + DISABLE_AFTER;
      expect(await one().store.resumeEndpoint(one().account.id, bad.id, now)).toMatchObject({
        disabled: undefined,
      });
      const sent = await claim(now);
      expect(sent.map(({ attempt }) => attempt).toSorted()).toEqual([1, 1, 1, 2, 3]);
      expect(sent[0]?.endpoint).toMatchObject({ disabled: undefined, failing_since: undefined });
      const stranger = await one().anotherAccount('stranger');
      expect(await one().store.resumeEndpoint(stranger.id, bad.id, now)).toBeUndefined();
    });
  });

  test('an endpoint that answers 410 is disabled at once, and keeps the delivery', async () => {
    const bad = await endpoint();
    await policies(1);
    const gone = { status: 410, problem: 'it answered 410', retry_at: NOW + 5 };
    expect(await record(await claim(NOW), gone)).toMatchObject([{ endpoint: bad.id }]);
    expect(await claim(NOW + HOUR)).toEqual([]);
    await one().store.resumeEndpoint(one().account.id, bad.id, NOW + 1);
    expect(await claim(NOW + 1)).toMatchObject([{ attempt: 2 }]);
  });

  test('are recorded and claimed in one exchange: what ends makes room', async () => {
    await one().subscribe();
    await policies(3);
    const [first] = await claim(NOW, { perEndpoint: 1 });
    if (!first) throw new Error('one was to be claimed');
    const next = { ...ROOM, perEndpoint: 1, lease: HOUR, now: NOW };
    expect(await one().store.exchangeDeliveries([{ ...DELIVERED, id: first.id }], next)).toMatchObject({
      disabled: [],
      deliveries: [{ attempt: 1, events: [{ policy: { row: 2 } }] }],
    });
    expect(await claim(NOW, { perEndpoint: 1 })).toEqual([]);
  });

  test('keep what came of their failed attempts', async () => {
    await one().subscribe();
    await policies(1);
    const [first] = await claim(NOW);
    if (!first) throw new Error('one was to be claimed');
    await record([first], { retry_at: NOW + 5, response: 'Internal Server Error' });
    await record(await claim(NOW + 5_000), { ...DELIVERED, now: NOW + 5_000 });
    expect(await one().store.failedAttempts(first.id)).toEqual([
      {
        number: 1,
        at: NOW - 7,
        ms: 7,
        status: 500,
        problem: 'it answered 500',
        response: 'Internal Server Error',
      },
    ]);
  });

  test('are counted, with their events, while they wait', async () => {
    await one().subscribe();
    await endpoint();
    await policies(3);
    const [first] = await claim(NOW);
    if (!first) throw new Error('one was to be claimed');
    await record([first], { retry_at: NOW + HOUR });
    expect(await one().store.deliveryBacklog()).toEqual({ events: 6, oldest: NOW, failing: 1, disabled: 0 });
    await record(await claim(NOW + HOUR), { status: 410, now: NOW + HOUR });
    expect(await one().store.deliveryBacklog()).toMatchObject({ events: 0, oldest: undefined, disabled: 2 });
  });

  test('are removed when they have ended long ago, and only then', async () => {
    await one().subscribe();
    await policies(4);
    const [a, b, c] = await claim(NOW, { perEndpoint: 3 });
    if (!a || !b || !c) throw new Error('three were to be claimed');
    await record([a], {});
    await record([b], { ...DELIVERED, now: NOW + HOUR });
    await record([c], { retry_at: NOW + HOUR });
    expect(await one().store.removeDeliveries(NOW + 1, 10)).toBe(1);
    expect(await one().store.failedAttempts(a.id)).toEqual([]);
    expect(await one().store.removeDeliveries(NOW + 1, 10)).toBe(0);
    expect((await claim(NOW + 2 * HOUR)).map(idOf)).toHaveLength(1); // one at a time, as it has failed
    expect(await one().store.removeDeliveries(NOW + 2 * HOUR, 10)).toBe(1);
  });
}
