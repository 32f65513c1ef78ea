import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  commonDenominator,
  fractionOf,
  plus,
  ROUNDINGS,
  rounded,
  times,
} from '../../src/product/fraction.ts';

describe('a number of a definition is exact:', () => {
  test.each<[string, bigint, bigint]>([
    ['0.19', 19n, 100n],
    ['1', 1n, 1n],
    ['1.350000', 1_350_000n, 1_000_000n],
    ['2/3', 2n, 3n],
    ['123456789.123456', 123456789123456n, 1_000_000n],
  ])('%s', (text, numerator, denominator) => {
    expect(fractionOf(text)).toEqual({ numerator, denominator });
  });

  test.each(['', '-1', '+1', '1,5', '.5', '1.', '1e3', '1/0', '1/-2', '0x1', ' 1', '1.1234567', '٣', 'NaN'])(
    '%j is none',
    (text) => {
      expect(fractionOf(text)).toBeUndefined();
    },
  );
});

describe('an amount is rounded', () => {
  test.each<[(typeof ROUNDINGS)[number], bigint[]]>([
    ['half_up', [0n, 1n, 1n, 1n, 2n, 2n]],
    ['half_even', [0n, 0n, 1n, 1n, 2n, 2n]],
    ['up', [1n, 1n, 1n, 1n, 2n, 2n]],
    ['down', [0n, 0n, 0n, 1n, 1n, 1n]],
  ])('%s', (how, expected) => {
    expect([1n, 2n, 3n, 4n, 6n, 7n].map((quarters) => rounded(quarters, 4n, how))).toEqual(expected);
  });

  test('to one of its two neighbours, and a whole one never', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 30n }),
        fc.bigInt({ min: 1n, max: 10n ** 12n }),
        fc.constantFrom(...ROUNDINGS),
        (numerator, denominator, how) => {
          const result = BigInt(rounded(numerator, denominator, how));
          const distance = result * denominator - numerator;
          expect(distance > -denominator && distance < denominator).toBe(true);
          expect(rounded(result * denominator, denominator, how)).toBe(result);
        },
      ),
    );
  });
});

test('small amounts are numbers, and what is too large for them stays exact', () => {
  const size = fc.oneof(fc.nat(), fc.maxSafeInteger().map(Math.abs));
  fc.assert(
    fc.property(
      size,
      size,
      fc.integer({ min: 1, max: 10 ** 9 }),
      fc.constantFrom(...ROUNDINGS),
      (a, b, d, how) => {
        const [product, sum] = [times(a, b), plus(a, b)];
        expect([BigInt(product), BigInt(sum)]).toEqual([BigInt(a) * BigInt(b), BigInt(a) + BigInt(b)]);
        expect(typeof product).toBe(product <= Number.MAX_SAFE_INTEGER ? 'number' : 'bigint');
        expect(rounded(a, d, how)).toBe(Number(rounded(BigInt(a), BigInt(d), how)));
      },
    ),
  );
});

test('fractions have the least denominator in common', () => {
  const of = (...denominators: bigint[]) =>
    commonDenominator(denominators.map((denominator) => ({ denominator })));
  expect(of(4n, 6n, 10n)).toBe(60n);
  expect(of()).toBe(1n);
});
