import { expect, test } from 'vitest';
import { nextChunkSize } from '../../src/import/chunk-size.ts';

test.each([
  ['stays when a commit takes 50 ms', 500, 50, 500],
  ['follows the rate', 600, 40, 750],
  ['at most doubles', 500, 1, 1000],
  ['at least halves', 1000, 5000, 500],
  ['is never below 100', 100, 5000, 100],
  ['is never above 2000', 2000, 1, 2000],
  ['grows again after a small last chunk', 3, 0, 100],
])('a chunk %s', (_what, rows, ms, next) => {
  expect(nextChunkSize(rows, ms)).toBe(next);
});
