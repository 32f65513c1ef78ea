import { expect, test } from 'vitest';
import type { EventType } from '../../../src/domain/event.ts';
import { type AStore, HOUR, NOW, purchase, rejection } from '../a-store.ts';

export function eventContract(one: () => AStore): void {
  const types = async () => (await one().deliveries()).map(({ event }) => event.type);
  const subscribe = (events: EventType[]) => one().subscribe(events);

  test('come with the change to every endpoint that wants them, and to no other', async () => {
    await subscribe(['policy.created', 'policy.rejected', 'import.completed']);
    const claim = await one().claim();
    await one().commit(claim, [purchase(1, 'a'), rejection(2, 'b'), purchase(3, 'c')]);
    await one().store.completeImport(one().end(claim));
    const live = await one().claim('live.csv', NOW, 'live');
    await one().commit(live, [purchase(1, 'a')]);
    expect((await types()).toSorted()).toEqual([
      'import.completed',
      'policy.created',
      'policy.created',
      'policy.rejected',
    ]);
  });

  test('are claimed a few at a time, and again when the lease runs out, with the same id', async () => {
    await subscribe(['policy.created']);
    await one().commit(await one().claim(), [purchase(1, 'a'), purchase(2, 'b'), purchase(3, 'c')]);
    const claim = (now: number) => one().store.claimDeliveries({ perEndpoint: 2, lease: 10, now });
    const first = await claim(NOW);
    expect(first).toHaveLength(2);
    expect(await claim(NOW)).toEqual([]);
    const again = await claim(NOW + 11);
    expect(again.map(({ event }) => event.id)).toEqual(first.map(({ event }) => event.id));
    expect(new Set(first.map(({ event }) => event.id)).size).toBe(2);
  });

  test('that were delivered or given up are not sent again', async () => {
    await subscribe(['policy.created']);
    await one().commit(await one().claim(), [purchase(1, 'a'), purchase(2, 'b'), purchase(3, 'c')]);
    const [a, b, c] = await one().store.claimDeliveries({ perEndpoint: 9, lease: HOUR, now: NOW });
    if (!a || !b || !c) throw new Error('three were to be claimed');
    const outcome = { attempt: 1, status: 500, problem: 'no', retry_at: undefined, now: NOW };
    await one().store.recordAttempts([
      { ...outcome, id: a.id, status: 200, problem: undefined },
      { ...outcome, id: b.id },
      { ...outcome, id: c.id, retry_at: NOW + 5 },
    ]);
    const later = await one().store.claimDeliveries({ perEndpoint: 9, lease: HOUR, now: NOW + 5 });
    expect(later.map(({ id, attempt }) => [id, attempt])).toEqual([[c.id, 2]]);
  });
}
