import { describe, expect, test } from 'vitest';
import { compileProduct } from '../../src/product/compile.ts';
import { columnsOf, sentenceOf } from '../../src/product/guide.ts';
import { guidePage } from '../../src/product/guide-page.ts';
import { expectGolden } from '../import/golden.ts';
import { DEFINITION } from './shipped.ts';
import { TRAVEL, travel } from './travel.ts';

describe('the page of a product in docs/products is made from its definition:', () => {
  test.each([
    ['ticketplan-ticket-refund', DEFINITION],
    ['travel', TRAVEL],
  ])('%s', (name, definition) => {
    expectGolden(`../../../docs/products/${name}.md`, guidePage(definition, compileProduct(definition, 1)));
  });
});

test('each column says whether it is required, what it holds, what is allowed, what it means, and an example', () => {
  const columns = new Map(columnsOf(travel, TRAVEL).map((column) => [column.column, column]));
  expect(columns.get('quote.data.traveller.0.luggage.0.value')).toEqual({
    column: 'quote.data.traveller.0.luggage.0.value',
    required: false, // of every row; of every piece of luggage it is
    form: 'whole number, or amount with two decimals',
    allowed: '0 or more',
    meaning: 'Value of the piece in cents',
    example: '120000',
  });
  expect(columns.get('quote.data.destination')?.allowed).toBe('one of austria, europe, world');
  expect(columns.get('policy.email')?.allowed).toBe('an e-mail address');
});

test('each rule is a sentence', () => {
  const field = 'policy.data.a';
  expect([
    sentenceOf({ field, not_before: 'policy.data.b' }),
    sentenceOf({ field, not_after: 'policy.data.b' }),
    sentenceOf({ field, within: { days: 3, after: 'policy.data.b' } }),
    sentenceOf({ field, at_least: 'policy.data.b' }),
    sentenceOf({ field, at_most: 'policy.data.b', message: 'no more than that' }),
    sentenceOf({ field, required_when: { 'policy.data.b': ['x', 'y'], 'policy.data.c': true } }),
  ]).toEqual([
    '`policy.data.a` is not before `policy.data.b`',
    '`policy.data.a` is not after `policy.data.b`',
    '`policy.data.a` is at most 3 days after `policy.data.b`',
    '`policy.data.a` is at least `policy.data.b`',
    '`policy.data.a` is at most `policy.data.b` (no more than that)',
    '`policy.data.a` is needed when `policy.data.b` is x or y and `policy.data.c` is true',
  ]);
});
