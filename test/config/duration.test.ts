import { expect, test } from 'vitest';
import { parseDuration } from '../../src/config/duration.ts';

test.each([
  ['500ms', 500],
  ['0s', 0],
  ['3s', 3_000],
  ['15m', 900_000],
  ['1h', 3_600_000],
  ['2d', 172_800_000],
])('%s is %i ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  '',
  '3',
  's',
  '3 s',
  '-3s',
  '1.5h',
  '1e3s',
  '3S',
  '3sec',
  '1h30m',
  ' 3s',
  '3s\n',
  '٣s',
  '99999999d',
])('%j is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test('the longest one still leads to a date', () => {
  expect(new Date(Date.UTC(2100, 0) + (parseDuration('9999999d') ?? Number.NaN)).getTime()).not.toBeNaN();
});
