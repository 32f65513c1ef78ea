import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { REJECTION_CODES } from '../../src/domain/rejection-codes.ts';
import { coerce } from '../../src/product/coercion.ts';
import { compileProduct } from '../../src/product/compile.ts';
import type { FieldType } from '../../src/product/product.ts';
import { readProduct } from '../../src/product/read-product.ts';

const FILE = new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url);
const read = readProduct(readFileSync(FILE, 'utf8'), 'ticketplan-ticket-refund.yaml');
if (!read.ok) throw new Error(read.message);
const [banded] = compileProduct(read.value, 1);
if (!banded) throw new Error('a module is wanted');

const GOOD = { policy_start_date: '2022-11-11', protected_element: { '1': { price: 3000 } } };

describe('a quote', () => {
  test('that is good has no errors', () => {
    expect(banded.checkQuote(GOOD)).toEqual([]);
  });

  test.each([
    [
      { policy_start_date: '2022-11-31' },
      'invalid_date',
      '"2022-11-31" is not a date: November 2022 has 30 days',
    ],
    [
      { policy_start_date: '2023-02-29' },
      'invalid_date',
      '"2023-02-29" is not a date: February 2023 has 28 days',
    ],
    [{ policy_start_date: '31.12.2022' }, 'invalid_date', '"31.12.2022" is not a date: write 2022-12-31'],
    [
      { policy_start_date: 'soon' },
      'invalid_date',
      '"soon" is not a date: write YYYY-MM-DD, as in 2026-12-31',
    ],
    [
      { policy_start_date: '2022-13-01' },
      'invalid_date',
      '"2022-13-01" is not a date: write YYYY-MM-DD, as in 2026-12-31',
    ],
  ])('%j is refused as %s', (change, code, message) => {
    const [error] = banded.checkQuote({ ...GOOD, ...change });
    const path = 'quote.data.policy_start_date';
    expect(error).toMatchObject({ code, path, message: `${path}: ${message}` });
  });

  test('may start on the 29th of February of a leap year', () => {
    expect(banded.checkQuote({ ...GOOD, policy_start_date: '2024-02-29' })).toEqual([]);
  });

  test('names the leaf that is missing in a group', () => {
    expect(banded.checkQuote({ policy_start_date: '2022-11-11' }).map((error) => error.message)).toEqual([
      'quote.data.protected_element.*.price is missing: at least one element is needed',
    ]);
  });

  test('names a field that there is not', () => {
    expect(banded.checkQuote({ ...GOOD, colour: 'red' })).toMatchObject([
      { code: 'unknown_field', path: 'quote.data.colour' },
    ]);
  });
});

describe('a policy', () => {
  const messages = (policy: object) =>
    banded.checkPolicy({ data: {}, ...policy }).map((error) => error.message);

  test.each([
    [{ email: 'nick' }, 'policy.email: "nick" is not an e-mail address'],
    [{ email: 'a@b@c' }, 'policy.email: "a@b@c" is not an e-mail address'],
    [
      { email: `${'a'.repeat(250)}@b.de` },
      `policy.email: "${'a'.repeat(250)}@b.de" is not an e-mail address`,
    ],
    [
      { language: 'english' },
      'policy.language: "english" is not a language: write its two letters after ISO 639-1, as in en or de',
    ],
    [
      { language: 'xx' },
      'policy.language: "xx" is not a language: write its two letters after ISO 639-1, as in en or de',
    ],
    [
      { first_name: 'x'.repeat(201) },
      `policy.first_name: "${'x'.repeat(201)}" is longer than 200 characters`,
    ],
    [
      { data: { order_number: 'a b' } },
      'policy.data.order_number: "a b" is not allowed: an order number has letters, digits, - and / only',
    ],
    [{ data: { ticket_quantity: -1 } }, 'policy.data.ticket_quantity: "-1" is less than 0'],
  ])('%j is told why', (policy, message) => {
    expect(messages(policy)).toContain(message);
  });

  test.each(['nick.malone@com', "o'neill@example.co.uk", 'a@b'])(
    '%s is an e-mail address, as in browsers',
    (email) => {
      expect(messages({ email }).filter((message) => message.includes('policy.email'))).toEqual([]);
    },
  );

  test('without anything is told of every required field at once', () => {
    expect(messages({})).toHaveLength(4 + 16);
  });
});

describe('a cell', () => {
  test.each<[FieldType, string, unknown]>([
    ['integer', '3000', 3000],
    ['integer', '-5', -5],
    ['integer', '007', 7],
    ['boolean', '1', true],
    ['boolean', 'FALSE', false],
    ['number', '12.5', 12.5],
    ['string', '5597', '5597'],
    ['string', '00017', '00017'],
    ['date', '2022-11-31', '2022-11-31'],
  ])('%s %s becomes %j', (type, text, value) => {
    expect(coerce(type, text)).toEqual({ ok: true, value });
  });

  test.each<[FieldType, string, string]>([
    ['integer', '30,00', '"30,00" is not a whole number: write digits only, 3000 if cents are meant'],
    ['integer', '0x10', '"0x10" is not a whole number: write digits only'],
    ['integer', '1e3', '"1e3" is not a whole number: write digits only'],
    ['integer', ' 12', '" 12" is not a whole number: write digits only'],
    ['integer', '9007199254740993', '"9007199254740993" is not a whole number: write digits only'],
    ['boolean', 'yes', '"yes" is neither 1 (yes) nor 0 (no)'],
    ['number', '12,5', '"12,5" is not a number: write 12.5'],
  ])('%s %s is refused', (type, text, message) => {
    expect(coerce(type, text)).toEqual({ ok: false, code: 'invalid_type', message });
  });
});

test('every code is in the catalogue', () => {
  const found = [...banded.checkQuote({ x: 1 }), ...banded.checkPolicy({ email: 1 as never })];
  for (const { code } of found) expect(REJECTION_CODES).toContain(code);
});
