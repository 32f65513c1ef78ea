import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readProduct } from '../../src/product/read-product.ts';

const good = readFileSync(new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url), 'utf8');

test.each([
  ['no YAML', () => 'a: [', /product\.yaml: .*line 1/],
  ['empty', () => '', /product\.yaml: the definition must be object/],
  ['without a tariff', () => good.replace(/^tariff:/m, 'tarif:'), /required property 'tariff'|"tarif"/],
  ['a tax of nineteen', () => good.replace('"0.19"', '"19"'), /premium_tax must match pattern/],
  [
    'a currency in small letters',
    () => good.replace('currency: EUR', 'currency: eur'),
    /currency must match pattern/,
  ],
  [
    'a rated leaf that is not there',
    () => good.replace('rated: protected_element.*.price', 'rated: element.*.price'),
    /modules\.banded\.rated: the quote has no whole number element/,
  ],
  [
    'a period of cover that is no date',
    () => good.replace('start: quote.data.policy_start_date', 'start: policy.email'),
    /period_of_cover: policy\.email is no date/,
  ],
  [
    'a keyword that JSON Schema does not have',
    () => good.replace('maxLength: 200', 'maxLenght: 200'),
    /maxLenght/,
  ],
  ['a format that nobody knows', () => good.replace('format: email', 'format: mail'), /mail/],
])('a definition that is %s is refused with the place', (_what, text, message) => {
  const read = readProduct(text(), 'product.yaml');
  expect(read.ok).toBe(false);
  expect(read.ok ? '' : read.message).toMatch(message);
});
