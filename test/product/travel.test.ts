import { describe, expect, test } from 'vitest';
import type { Nested } from '../../src/domain/policy.ts';
import { nestedOf } from '../../src/product/nested.ts';
import { purchase } from '../../src/purchase/purchase.ts';
import { BOOKING, TRIP, travel } from './travel.ts';

const bought = (quote: Nested, policy: Nested = BOOKING) =>
  purchase({ integration: travel, quoteData: quote, policy });
const messages = (quote: Nested, policy: Nested = BOOKING) => {
  const one = bought(quote, policy);
  return one.ok ? [] : one.errors.map(({ code, message }) => `${code}: ${message}`);
};

describe('a product of quite another kind', () => {
  test('adds up traveller, luggage and trip: 110 × 1.5 × 8 days + 120000 × 0.0095 + 184000 × 0.032 × 0.85', () => {
    const premium = { net: 1320 + 1140 + 5005, tax: 821, gross: 8286 };
    expect(bought(TRIP)).toMatchObject({ ok: true, value: { premium } });
  });

  test('is never cheaper than its minimum', () => {
    const short = {
      ...TRIP,
      trip_end: TRIP['trip_start'] ?? '',
      trip_price: 0,
      traveller: { '0': { name: 'A', age: 1 } },
    };
    expect(bought(short)).toMatchObject({ ok: true, value: { premium: { net: 900, tax: 99, gross: 999 } } });
  });

  test('takes arrays, which mean what numbered members mean', () => {
    const travellers = [
      { name: 'Zoë Müller', age: 34, winter_sports: true, luggage: [{ value: 120_000, kind: 'suitcase' }] },
    ];
    expect(nestedOf({ ...TRIP, traveller: travellers }, 'quote.data')).toEqual({ ok: true, value: TRIP });
  });

  test('names what is wrong inside elements of elements, and every rule that is broken', () => {
    const traveller = {
      '0': { name: 'A', age: 121, luggage: { '4': { kind: 'box', value: 1 }, '5': { value: 1 } } },
      '1': { age: 8, name: 'B', travels_alone: true },
    };
    const late = { ...BOOKING, data: { booking_number: 'at1', booking_date: '2027-02-07' } };
    expect(messages({ ...TRIP, trip_end: '2027-06-01', traveller }, late).sort()).toEqual([
      'contradiction: policy.data.booking_date: "2027-02-07" is after quote.data.trip_start, "2027-02-06"',
      'contradiction: quote.data.trip_end: "2027-06-01" is refused: a trip may last 92 days at most',
      'invalid_value: policy.data.booking_number: "at1" is not allowed: two capital letters and 6 to 10 digits',
      'invalid_value: quote.data.traveller.0.age: "121" is more than 120',
      'invalid_value: quote.data.traveller.0.luggage.4.kind: "box" is none of suitcase, sports, electronics',
      'missing_field: quote.data.traveller.1.guardian is missing: who travels alone as a child needs the name of a guardian',
      'unknown_field: quote.data.traveller.0.luggage.5: there is no such field',
    ]);
  });

  test('refuses what its tables do not hold', () => {
    const old = { ...TRIP, traveller: { '2': { name: 'A', age: 80 } } };
    expect(messages(old)).toEqual([
      'not_insurable: quote.data.traveller.2.age: "80" cannot be insured: the tariff ends at 79',
    ]);
  });

  test('needs a traveller', () => {
    expect(messages({ ...TRIP, traveller: {} })).toEqual([
      'missing_field: quote.data.traveller.*.name is missing: at least one element is needed',
    ]);
  });
});
