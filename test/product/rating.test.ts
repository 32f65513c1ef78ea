import { describe, expect, test } from 'vitest';
import type { Nested } from '../../src/domain/policy.ts';
import { rateOf } from '../../src/product/rate.ts';
import { compileTariff } from '../../src/product/rating.ts';

const rate = compileTariff({
  each: 'seat.*.price',
  table: [
    { up_to: 100, net: 10, when: { roof: true, class: 'first' } },
    { up_to: 100, net: 20, when: { roof: true } },
    { up_to: 100, net: 30, when: { roof: false, class: 'first' } },
    { up_to: 200, net: 40, when: { class: 'first' } },
  ],
  tax: rateOf('0.0'),
});

const netOf = (price: number, answers: Nested) => {
  const rated = rate({ seat: { '0': { price } }, ...answers });
  return rated.ok ? rated.value.net : rated.error.message;
};

describe('a decision table', () => {
  test.each<[number, Nested, number]>([
    [100, { roof: true, class: 'first' }, 10],
    [100, { roof: true }, 20],
    [100, { roof: true, class: 'second' }, 20],
    [100, { class: 'first' }, 30], // nobody said that there is a roof
    [0, { class: 'first' }, 30],
    [101, { roof: true, class: 'first' }, 40],
    [200, { class: 'first' }, 40],
  ])('gives a price of %d with %j the net of the first row that fits: %d', (price, answers, net) => {
    expect(netOf(price, answers)).toBe(net);
  });

  test.each<[number, Nested, string]>([
    [201, { class: 'first' }, 'the tariff ends at 200'],
    [101, { roof: true }, 'the tariff ends at 100'], // for those who have no class
    [1, {}, 'the tariff has no price for what else was answered'],
  ])('refuses a price of %d with %j: %s', (price, answers, reason) => {
    expect(netOf(price, answers)).toBe(`quote.data.seat.0.price: "${price}" cannot be insured: ${reason}`);
  });
});
