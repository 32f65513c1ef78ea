import { expect, test } from 'vitest';
import { suggestion } from '../../src/domain/suggestion.ts';

const KNOWN = [
  'idempotency_key',
  'policy.email',
  'policy.first_name',
  'quote.data.protected_element.*.price',
];

test.each([
  ['polcy.email', 'policy.email'],
  ['Policy.Email', 'policy.email'],
  ['policy.firstname', 'policy.first_name'],
  ['idempotencykey', 'idempotency_key'],
  ['quote.data.protected_elements.12.price', 'quote.data.protected_element.12.price'],
  ['quote.data.protected_element.price', 'quote.data.protected_element.0.price'],
  ['quote.data.protected_element.1.price', undefined],
  ['shoe_size', undefined],
  ['', undefined],
])('%j was meant to be %j', (name, meant) => {
  expect(suggestion(name, KNOWN)).toBe(meant);
});
