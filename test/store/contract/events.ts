import { expect, test } from 'vitest';
import type { EventType } from '../../../src/domain/event.ts';
import { type AStore, FAILED, HOUR, idOf, NOW, purchase, ROOM, rejection, typesOf } from '../a-store.ts';

export function eventContract(one: () => AStore): void {
  const types = async () => (await one().deliveries()).flatMap(typesOf);
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
    const claim = (now: number) => one().store.claimDeliveries({ ...ROOM, perEndpoint: 2, lease: 10, now });
    const first = await claim(NOW);
    expect(first).toHaveLength(2);
    expect(await claim(NOW)).toEqual([]);
    const again = await one().store.claimDeliveries({ ...ROOM, lease: 10, now: NOW + 11 });
    expect(again.map(idOf)).toEqual([expect.anything(), ...first.map(idOf)]);
    expect(new Set(again.map(idOf)).size).toBe(3);
  });

  test('that were delivered or given up are not sent again', async () => {
    await subscribe(['policy.created']);
    await one().commit(await one().claim(), [purchase(1, 'a'), purchase(2, 'b'), purchase(3, 'c')]);
    const [a, b, c] = await one().store.claimDeliveries({ ...ROOM, lease: HOUR, now: NOW });
    if (!a || !b || !c) throw new Error('three were to be claimed');
    await one().store.recordAttempts([
      { ...FAILED, id: a.id, status: 200, problem: undefined },
      { ...FAILED, id: b.id },
      { ...FAILED, id: c.id, retry_at: NOW + 5 },
    ]);
    const later = await one().store.claimDeliveries({ ...ROOM, lease: HOUR, now: NOW + 5 });
    expect(later.map(({ id, attempt }) => [id, attempt])).toEqual([[c.id, 2]]);
  });
}
