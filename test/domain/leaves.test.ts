import { expect, test } from 'vitest';
import { leavesOf } from '../../src/domain/leaves.ts';

test('the leaves of data are listed by path, in the order in which they are stored', () => {
  expect(leavesOf({ b: { '10': { x: 1 }, '2': { x: true } }, a: 'A' }, 'quote.data')).toEqual([
    ['quote.data.a', 'A'],
    ['quote.data.b.10.x', 1],
    ['quote.data.b.2.x', true],
  ]);
});
