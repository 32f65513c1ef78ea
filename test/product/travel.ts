import { readFileSync } from 'node:fs';
import type { Nested } from '../../src/domain/policy.ts';
import { compileProduct } from '../../src/product/compile.ts';
import { readProduct } from '../../src/product/read-product.ts';

/** The example of another product, as its author wrote it and as it is read. */
export const TRAVEL_TEXT = readFileSync(
  new URL('../../examples/products/travel.yaml', import.meta.url),
  'utf8',
);
const read = readProduct(TRAVEL_TEXT, 'travel.yaml');
if (!read.ok) throw new Error(read.message);
export const TRAVEL = read.value;

const [one] = compileProduct(TRAVEL, 1);
if (!one) throw new Error('a module is wanted');
export const travel = one;

/** The first row of examples/travel.csv. */
export const TRIP: Nested = {
  trip_start: '2027-02-06',
  trip_end: '2027-02-13',
  destination: 'europe',
  trip_price: 184_000,
  deductible: 'tenth',
  traveller: {
    '0': {
      name: 'Zoë Müller',
      age: 34,
      winter_sports: true,
      luggage: { '0': { value: 120_000, kind: 'suitcase' } },
    },
  },
};

export const BOOKING: Nested = {
  first_name: 'Zoë',
  last_name: 'Müller',
  email: 'zoe.mueller@example.com',
  language: 'de',
  data: { booking_number: 'AT204815', booking_date: '2026-11-30', agency: 'Reisebüro Sonnenschein' },
};
