// Definitions that are wrong in one way each, made from those that are shipped by a change of their text.
import { readFileSync } from 'node:fs';

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const TICKETS = read('products/ticketplan-ticket-refund.yaml');
const TRAVEL = read('examples/products/travel.yaml');

/** What is wrong, and a text that is wrong so. */
export type Broken = { readonly what: string; readonly text: string };

const SPORTS_ROW = '{ up_to: 1000, when: { sports_inclusion: true }, net: 381 }';
const LAST_ROW = '{ up_to: 100000, net: 34560 }';
const BOOKING = '{ field: policy.data.booking_date, not_after: quote.data.trip_start }';

export const BROKEN: readonly Broken[] = [
  // the file
  { what: 'empty', text: '' },
  { what: 'a list', text: '- 1' },
  { what: 'neither YAML nor JSON', text: 'id: pr_1\nname: [a, b' },
  { what: 'JSON that is cut off', text: '{\n  "id": "pr_1",\n  "name": "A product' },
  { what: 'a name that is a map', text: TRAVEL.replace('currency: EUR', '{ currency }: EUR') },
  { what: 'a name with a line end', text: TRAVEL.replace('currency: EUR', '"currency\\n": EUR') },
  { what: 'a part twice', text: `${TRAVEL}\nid: pr_2\n` },
  { what: 'an alias of nothing', text: TRAVEL.replace('name: Travel insurance', 'name: *nothing') },
  // identity
  tickets('no tariff', /^tariff:/m, 'tarif:'),
  tickets('an id of another kind', 'pr_547', 'in_547'),
  tickets('a small currency', 'EUR', 'eur'),
  tickets('a number pattern without number', 'TR-{number}', 'TR-1'),
  tickets('a tax of nineteen', '"0.19"', '"19"'),
  tickets('a tax without quotes', '"0.19"', '0.19'),
  travel('an unknown language', 'languages: [de, en]', 'languages: [de, english]'),
  travel('an unknown rounding', 'how: half_up', 'how: half-up'),
  // fields
  tickets('a misspelt keyword', 'maxLength: 200', 'maxLenght: 200'),
  tickets('a reference to a file', 'format: email', '$ref: "file:///etc/passwd"'),
  tickets('an unknown format', 'format: email', 'format: mail'),
  tickets('a pattern that is none', '"^[A-Za-z0-9/-]+$"', '"^[A-Z"'),
  travel('a pattern that looks back', '"^[A-Z]{2}[0-9]{6,10}$"', '"^([A-Z])\\\\1[0-9]+$"'),
  travel('a pattern that looks ahead', '"^[A-Z]{2}[0-9]{6,10}$"', '"^(?=[A-Z])[A-Z0-9]+$"'),
  travel('a pattern that repeats without end', '"^[A-Z]{2}[0-9]{6,10}$"', '"^(.{0,1000}){3}$"'),
  tickets('elements numbered by a pattern that is none', '"^([0-9]|[1-4][0-9])$"', '"^([0-9]"'),
  tickets('elements that no number fits', '"^([0-9]|[1-4][0-9])$"', '"^[a-z]$"'),
  tickets('other fields that may pass', 'additionalProperties: false', 'additionalProperties: true'),
  tickets('a field that no column can name', 'order_number:\n', '"order.number":\n'),
  tickets('a poisonous field', 'order_currency:', 'constructor:'),
  tickets('a required field that is not there', 'required: [first_name,', 'required: [title, first_name,'),
  tickets('no surname', 'required: [first_name, last_name,', 'required: [first_name,'),
  tickets(
    'a keyword of another type',
    'ticket_quantity: { type: integer,',
    'ticket_quantity: { type: integer, maxLength: 3,',
  ),
  travel('a minimum above the maximum', 'minimum: 0, maximum: 120', 'minimum: 121, maximum: 120'),
  travel('an example that the field refuses', 'examples: [AT204815]', 'examples: [204815x]'),
  travel('an enumeration of another type', 'enum: [none, tenth, fifth]', 'enum: [0, tenth, fifth]'),
  travel(
    'a form of another type',
    'maximum: 1500000, title: Price of the trip in cents, accepts: [amount]',
    'maximum: 1500000, title: Price of the trip in cents, accepts: [german_date]',
  ),
  travel('an array without end', '          maxItems: 9\n', ''),
  travel('a policy that is a text', 'policy:\n  type: object', 'policy:\n  type: string'),
  // the tariff
  tickets('half a cent', 'net: 1728 }', 'net: 1728.5 }'),
  tickets('a rated leaf that is not there', 'rated: protected_element.*.price', 'rated: element.*.price'),
  tickets('a rated leaf that may be missing', 'required: [price]', 'required: []'),
  tickets('no rated leaf', '    rated: protected_element.*.price\n', ''),
  tickets('a condition on a field that is not there', SPORTS_ROW, SPORTS_ROW.replace('sports', 'sport')),
  tickets('a condition on a value that never comes', SPORTS_ROW, SPORTS_ROW.replace('true', '"yes"')),
  tickets('a row behind a wider one', LAST_ROW, `${LAST_ROW}\n    - { up_to: 500, net: 100 }`),
  travel('a table and parts', '  parts:', '  table: [{ up_to: 1, net: 1 }]\n  parts:'),
  travel('a factor without quotes', 'europe: "1", world', 'europe: 1.0, world'),
  travel('a factor that is no number', 'world: "1.85"', 'world: "1,85"'),
  travel('a value without a factor', ', world: "1.85"', ''),
  travel('a factor for a value that never comes', 'world: "1.85"', 'world: "1.85", moon: "9"'),
  travel('a factor by a field that is not there', 'by: destination,', 'by: destinatoin,'),
  travel(
    'a factor by a field of other elements',
    'by: deductible, values',
    'by: traveller.*.winter_sports, values',
  ),
  travel('a table by a text', 'by: trip_price', 'by: destination'),
  travel('a table by a field that may be missing', 'required: [name, age]', 'required: [name]'),
  travel('a rate of nothing', '        by: trip_price\n', ''),
  travel(
    'a row with net and rate',
    '- { up_to: 50000, net: 350 }',
    '- { up_to: 50000, net: 350, rate: "0.1" }',
  ),
  travel('elements that are not there', 'each: traveller.*\n', 'each: travellers.*\n'),
  travel('days that a quote cannot know', 'end: [quote.data.trip_end]', 'end: [policy.data.booking_date]'),
  // cover, rules and modules
  tickets(
    'cover that begins with what is no date',
    'start: quote.data.policy_start_date',
    'start: policy.email',
  ),
  tickets('cover that ends with a date that may be missing', '        - event_end_date\n', ''),
  travel(
    'cover that ends twice',
    'end: [quote.data.trip_end]',
    'end: [quote.data.trip_end]\n  lasts: { days: 7 }',
  ),
  travel('cover without an end', '  end: [quote.data.trip_end]\n', ''),
  tickets(
    'two modules under one integration',
    'in_f6e5410024f0484461bcc550e58a5',
    'in_41c2f22d51612f04ee2c48eca3dc0',
  ),
  travel(
    'a rule about a field that is not there',
    'field: quote.data.trip_end, not_before',
    'field: quote.data.trip_ends, not_before',
  ),
  travel(
    'a rule that compares a date with a number',
    'not_before: quote.data.trip_start',
    'not_before: quote.data.trip_price',
  ),
  travel('a rule that says nothing', BOOKING, '{ field: policy.data.booking_date }'),
  travel(
    'a rule that says two things',
    BOOKING,
    BOOKING.replace(' }', ', not_before: quote.data.trip_start }'),
  ),
  travel(
    'a rule about the elements of others',
    'not_before: quote.data.trip_start',
    'not_before: quote.data.traveller.*.name',
  ),
  // the certificate
  travel('a placeholder for nothing', '{policy.data.booking_number}', '{policy.data.bookng_number}'),
  travel('a certificate that lacks a language', '{ de: Buchung, en: Booking }', '{ de: Buchung }'),
  travel(
    'a certificate in a language too many',
    '{ de: Buchung, en: Booking }',
    '{ de: Buchung, en: Booking, fr: Réservation }',
  ),
  travel('words for a value that never comes', 'world: { de: Weltweit', 'wrld: { de: Weltweit'),
  travel(
    'an amount of what is no number',
    '{quote.data.trip_price:amount}',
    '{quote.data.destination:amount}',
  ),
  travel('a colour that is none', '"#0b5d52"', 'green'),
  travel(
    'elements outside the table',
    'en: "Dear {policy.first_name} {policy.last_name},"',
    'en: "Dear {quote.data.traveller.*.name},"',
  ),
];

function tickets(what: string, from: string | RegExp, to: string): Broken {
  return { what, text: changed(TICKETS, from, to) };
}

function travel(what: string, from: string | RegExp, to: string): Broken {
  return { what, text: changed(TRAVEL, from, to) };
}

function changed(text: string, from: string | RegExp, to: string): string {
  const broken = text.replace(from, () => to);
  if (broken === text) throw new Error(`"${from}" is not in the definition`);
  return broken;
}
