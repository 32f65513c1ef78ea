import { readFileSync } from 'node:fs';
import type { Nested } from '../../src/domain/policy.ts';
import { compileProduct } from '../../src/product/compile.ts';
import { readProduct } from '../../src/product/read-product.ts';

const FILE = new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url);

/** The definition that comes with the software, as its author wrote it and as it is read. */
export const TEXT = readFileSync(FILE, 'utf8');
const read = readProduct(TEXT, 'ticketplan-ticket-refund.yaml');
if (!read.ok) throw new Error(read.message);
export const DEFINITION = read.value;

const [one, two] = compileProduct(DEFINITION, 1);
if (!one || !two) throw new Error('two modules are wanted');
export const banded = one;
export const single = two;

/** The first row of the published example. */
export const QUOTE: Nested = {
  policy_start_date: '2022-11-11',
  pem_exclusion: true,
  sports_inclusion: false,
  protected_element: { '1': { price: 3000 } },
};

export const POLICY_DATA: Nested = {
  booking_date: '2022-10-02',
  payment_date: '2022-10-02',
  ticket_quantity: 1,
  order_number: '5597',
  order_value: 100_000,
  order_currency: 'euro',
  event_name: 'test event',
  event_start_date: '2022-12-02',
  event_end_date: '2022-12-02',
  venue_name: 'venue name',
  venue_location: 'Test location',
  venue_country: 'Test country',
  ticket_distributor: 'Tickeplan distributor',
  customer_email: 'customer.email@test.com',
  customer_first_name: 'Nick',
  customer_last_name: 'Malone',
  customer_house_number: '123',
  customer_street: 'test customer street',
  customer_city: 'test customer city',
  customer_postcode: '44444',
  protected_elements_value: 55_555,
  unprotected_elements_value: 55_555,
  insurance_quantity: 1,
};

export const POLICY: Nested = {
  first_name: 'Nick',
  last_name: 'Malone',
  email: 'nick.malone@com',
  language: 'en',
  data: POLICY_DATA,
};
