import { expect, test } from 'vitest';
import { fairShares, type Waiting } from '../../src/store/fair-shares.ts';

const ROOM = { perEndpoint: 16, places: 64, probes: 32 };
const endpoint = (changes: Partial<Waiting> = {}): Waiting => ({
  in_flight: 0,
  failing: false,
  due_at: 0,
  ...changes,
});
const shares = (waiting: readonly Waiting[], room = ROOM) =>
  fairShares(waiting, room).map(({ one, share }) => [waiting.indexOf(one), share]);

test('one endpoint gets all of its places, and no more', () => {
  expect(shares([endpoint()])).toEqual([[0, 16]]);
  expect(shares([endpoint({ in_flight: 10 })])).toEqual([[0, 6]]);
  expect(shares([endpoint({ in_flight: 16 })])).toEqual([]);
});

test('what there is is divided evenly, and one without room takes no part', () => {
  const full = endpoint({ in_flight: 16 });
  expect(shares([endpoint(), full, endpoint(), endpoint(), endpoint(), endpoint(), endpoint()])).toEqual(
    [0, 2, 3, 4, 5, 6].map((i) => [i, 10]),
  );
});

test('too few places go to those with the least under way, then to those that have waited longest', () => {
  const waiting = [endpoint({ in_flight: 1 }), endpoint({ due_at: 9 }), endpoint({ due_at: 3 })];
  expect(shares(waiting, { ...ROOM, places: 2 })).toEqual([
    [2, 1],
    [1, 1],
  ]);
});

test('a thousand that are failing get one place each, of a quarter of the places, and leave the others theirs', () => {
  const failing = Array.from({ length: 1_000 }, () => endpoint({ failing: true }));
  const waiting = [...failing, endpoint({ due_at: 1 }), endpoint({ in_flight: 15 })];
  const given = shares(waiting);
  expect(given).toHaveLength(16 + 2);
  expect(given.filter(([one = 0]) => one < 1_000).every(([, share]) => share === 1)).toBe(true);
  expect(given.slice(-2)).toEqual([
    [1_000, 16],
    [1_001, 1],
  ]);
  expect(shares(waiting, { ...ROOM, probes: 0 })).toEqual(given.slice(-2));
});
