import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rateOf, share } from '../../src/product/rate.ts';

/** The same in integers of any size. */
function exactShare(amount: bigint, numerator: bigint, denominator: bigint): bigint {
  return (2n * amount * numerator + denominator) / (2n * denominator);
}

describe('a share', () => {
  test.each([
    [1728, '0.19', 328], // 328.32
    [50, '0.19', 10], // 9.5: a half goes up
    [150, '0.19', 29], // 28.5
    [1, '0.5', 1],
    [0, '0.19', 0],
    [1728, '0.0', 0],
    [100_000_000_000, '0.9999', 99_990_000_000],
  ])('of %d at %s is %d', (amount, rate, tax) => {
    expect(share(amount, rateOf(rate))).toBe(tax);
  });

  test('is exact for every amount that a policy can have, half cents included', () => {
    const amount = fc.oneof(
      fc.integer({ min: 0, max: 100_000 }),
      fc.integer({ min: 0, max: 100_000_000_000 }),
    );
    fc.assert(
      fc.property(amount, fc.integer({ min: 0, max: 9999 }), (amount, numerator) => {
        const rate = rateOf(`0.${String(numerator).padStart(4, '0')}`);
        const exact = exactShare(BigInt(amount), BigInt(numerator), 10_000n);
        expect(BigInt(share(amount, rate))).toBe(exact);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['19', '1.0', '0,19', '.19', '0.', '0.12345', '-0.1'])('is not written %s', (text) => {
    expect(() => rateOf(text)).toThrow(text);
  });
});
