import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Nested } from '../../../src/domain/policy.ts';
import type { Part, RoundingRule } from '../../../src/product/tariff/form.ts';
import { compileTariff } from '../../../src/product/tariff/tariff.ts';

const ELEMENTS: RoundingRule = { where: 'element', how: 'half_up' };

type Options = { minimum?: number; rounding?: RoundingRule; tax?: string; days?: number };

function netOf(
  parts: readonly Part[],
  data: Nested,
  { minimum = 0, rounding = ELEMENTS, tax = '0', days = 1 }: Options = {},
): number | string {
  const rated = compileTariff({ parts, minimum, rounding, tax }, () => days)(data);
  return rated.ok ? rated.value.net : rated.error.message;
}

describe('a decision table', () => {
  const seats: Part = {
    each: 'seat.*',
    base: {
      by: 'seat.*.price',
      table: [
        { up_to: 100, net: 10, when: { roof: true, class: 'first' } },
        { up_to: 100, net: 20, when: { roof: true } },
        { up_to: 100, net: 30, when: { roof: false, class: ['first', 'best'] } },
        { up_to: 200, net: 40, when: { class: 'first' } },
      ],
    },
  };
  const priced = (price: number, answers: Nested) => netOf([seats], { seat: { '0': { price } }, ...answers });

  test.each<[number, Nested, number]>([
    [100, { roof: true, class: 'first' }, 10],
    [100, { roof: true }, 20],
    [100, { roof: true, class: 'second' }, 20],
    [100, { class: 'first' }, 30], // nobody said that there is a roof
    [0, { class: 'best' }, 30],
    [101, { roof: true, class: 'first' }, 40],
    [200, { class: 'first' }, 40],
  ])('gives a price of %d with %j the net of the first row that fits: %d', (price, answers, net) => {
    expect(priced(price, answers)).toBe(net);
  });

  test.each<[number, Nested, string]>([
    [201, { class: 'first' }, 'the tariff ends at 200'],
    [101, { roof: true }, 'the tariff ends at 100'], // for those who have no class
    [1, {}, 'the tariff has no price for what else was answered'],
  ])('refuses a price of %d with %j: %s', (price, answers, reason) => {
    expect(priced(price, answers)).toBe(`quote.data.seat.0.price: "${price}" cannot be insured: ${reason}`);
  });
});

describe('a part', () => {
  const base = { table: [{ net: 1000 }] };

  test('without each is priced once, and one for each element as often as there are elements', () => {
    const data = { seat: { '0': {}, '3': {}, '7': {} } };
    expect(netOf([{ base }], data)).toBe(1000);
    expect(netOf([{ each: 'seat.*', base }], data)).toBe(3000);
    expect(netOf([{ each: 'seat.*', base }], {})).toBe(0);
  });

  test('may be for elements of elements, and look at what is around them', () => {
    const part: Part = {
      each: 'car.*.seat.*',
      base: { by: 'car.*.seat.*.price', table: [{ up_to: 100, rate: '0.1' }] },
      factors: [
        { by: 'car.*.kind', values: { old: '2', new: '1' } },
        { by: 'country', values: { at: '1', de: '3' } },
      ],
    };
    const car = (kind: string, ...prices: number[]) => ({
      kind,
      seat: Object.fromEntries(prices.map((price, at) => [at, { price }])),
    });
    const data = {
      country: 'de',
      car: { '1': car('old', 100, 50), '2': car('new', 10), '3': { kind: 'new' } },
    };
    expect(netOf([part], data)).toBe(3 * (2 * (10 + 5) + 1));
  });

  test('has a least price, each element by itself, and so has the whole', () => {
    const part: Part = { each: 'seat.*', base, factors: [{ table: [{ factor: '0.1' }] }], minimum: 150 };
    const data = { seat: { '0': {}, '1': {} } };
    expect(netOf([part], data)).toBe(300);
    expect(netOf([part], data, { minimum: 1000 })).toBe(1000);
    expect(netOf([part], data, { minimum: 200 })).toBe(300);
  });

  test('costs more the longer cover lasts', () => {
    const part: Part = { base: { table: [{ net: 36_500 }] }, factors: [{ days_of_cover: 365 }] };
    expect(netOf([part], {}, { days: 7 })).toBe(700);
    expect(netOf([part], {}, { days: 0 })).toContain('its cover ends before it begins');
  });

  test('has a factor for a band, and refuses what no band holds', () => {
    const part: Part = {
      base,
      factors: [
        {
          by: 'age',
          table: [
            { up_to: 17, factor: '1/2' },
            { up_to: 69, factor: '1' },
          ],
        },
      ],
    };
    expect([17, 18, 70].map((age) => netOf([part], { age }))).toEqual([
      500,
      1000,
      'quote.data.age: "70" cannot be insured: the tariff ends at 69',
    ]);
  });

  test('that no row fits is refused with the field that the rows ask for', () => {
    const part: Part = { base: { table: [{ net: 1, when: { sports: true } }] } };
    expect(netOf([part], {})).toBe(
      'quote.data.sports: cannot be insured: the tariff has no price for what else was answered',
    );
  });

  test('of which a price comes out that no policy has is refused, and is no failure', () => {
    const part: Part = {
      base: { by: 'value', table: [{ rate: '999999999' }] },
      factors: [{ table: [{ factor: '999999999' }] }],
    };
    expect(netOf([part], { value: Number.MAX_SAFE_INTEGER })).toContain('is more than 100000000000');
  });
});

describe('amounts are rounded', () => {
  const third: Part = {
    each: 'seat.*',
    base: { table: [{ net: 100 }] },
    factors: [{ table: [{ factor: '1/3' }] }],
  };
  const three = { seat: { '0': {}, '1': {}, '2': {} } };

  test('where the product says: each element, or the sum', () => {
    expect(netOf([third], three)).toBe(99);
    expect(netOf([third], three, { rounding: { where: 'sum', how: 'half_up' } })).toBe(100);
    const other: Part = { base: { table: [{ net: 5 }] }, factors: [{ table: [{ factor: '0.1' }] }] };
    expect(netOf([third, other], three, { rounding: { where: 'sum', how: 'half_up' } })).toBe(101);
    expect(netOf([third, other], three, { rounding: { where: 'sum', how: 'down' } })).toBe(100);
  });

  test('so that net and tax are what exact arithmetic says, and make the gross', () => {
    const text = (most: number) =>
      fc
        .tuple(fc.integer({ min: 0, max: most }), fc.integer({ min: 0, max: 9999 }))
        .map(([whole, decimals]) => `${whole}.${String(decimals).padStart(4, '0')}`);
    const exact = (decimal: string) => BigInt(decimal.replace('.', ''));
    fc.assert(
      fc.property(
        fc.array(fc.nat(100_000_00), { minLength: 1, maxLength: 20 }),
        text(3),
        text(3),
        fc.integer({ min: 0, max: 9999 }),
        (values, rate, factor, taxed) => {
          const tax = `0.${String(taxed).padStart(4, '0')}`;
          const part: Part = {
            each: 'item.*',
            base: { by: 'item.*.value', table: [{ rate }] },
            factors: [{ table: [{ factor }] }],
          };
          const data = { item: Object.fromEntries(values.map((value, at) => [at, { value }])) };
          const rated = compileTariff({ parts: [part], minimum: 0, rounding: ELEMENTS, tax }, () => 1)(data);
          const half = (n: bigint, d: bigint) => (2n * n + d) / (2n * d);
          const nets = values.map((value) => half(BigInt(value) * exact(rate) * exact(factor), 10n ** 8n));
          const net = nets.reduce((sum, one) => sum + one, 0n);
          if (!rated.ok) throw new Error(rated.error.message);
          expect(BigInt(rated.value.net)).toBe(net);
          expect(BigInt(rated.value.tax)).toBe(half(net * BigInt(taxed), 10_000n));
          expect(rated.value.gross).toBe(rated.value.net + rated.value.tax);
        },
      ),
    );
  });
});
