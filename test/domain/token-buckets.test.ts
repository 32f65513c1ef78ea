import { expect, test } from 'vitest';
import { TokenBuckets } from '../../src/domain/token-buckets.ts';

test('who has used up a bucket waits for the next token, and nobody else does', () => {
  let now = 0;
  const buckets = new TokenBuckets({ burst: 6, perSecond: 0.1, clock: () => now });
  for (let i = 0; i < 6; i++) {
    expect(buckets.wait('a')).toBe(0);
    expect(buckets.take('a')).toBe(true);
  }
  expect(buckets.take('a')).toBe(false);
  expect(buckets.wait('a')).toBe(10);
  expect(buckets.wait('b')).toBe(0);
  now = 9_500;
  expect(buckets.wait('a')).toBe(1);
  now = 10_000;
  expect(buckets.wait('a')).toBe(0);
  buckets.take('a');
  expect(buckets.wait('a')).toBe(10);
});

test('a bucket fills up again, and no further', () => {
  let now = 0;
  const buckets = new TokenBuckets({ burst: 2, perSecond: 2, clock: () => now });
  const taken = () => [buckets.take('a'), buckets.take('a'), buckets.take('a')];
  expect(taken()).toEqual([true, true, false]);
  now = 60_000;
  expect(taken()).toEqual([true, true, false]);
});
