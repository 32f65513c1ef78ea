import { describe, expect, test } from 'vitest';
import { compilePeriod, type PeriodOfCover } from '../../src/product/cover.ts';

const textOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
const lastDay = (start: string, lasts: NonNullable<PeriodOfCover['lasts']>) =>
  textOf(compilePeriod({ start: 'quote.data.start', lasts })({ start }, {}).end_day);

describe('cover that lasts some time', () => {
  test.each<[string, NonNullable<PeriodOfCover['lasts']>, string]>([
    ['2026-03-01', { years: 1 }, '2027-02-28'],
    ['2027-03-01', { years: 1 }, '2028-02-29'],
    ['2026-01-01', { days: 1 }, '2026-01-01'],
    ['2026-12-24', { days: 14 }, '2027-01-06'],
    ['2026-01-31', { months: 1 }, '2026-02-27'],
    ['2028-02-29', { years: 1 }, '2029-02-27'],
    ['2026-11-30', { months: 3, days: 1 }, '2027-02-28'],
  ])('from %s, %j, ends on %s', (start, lasts, last) => {
    expect(lastDay(start, lasts)).toBe(last);
  });
});

test('of several last days the latest counts', () => {
  const period = compilePeriod({ start: 'quote.data.a', end: ['policy.data.b', 'quote.data.a', 'policy.c'] });
  const { start_day, end_day } = period({ a: '2026-01-02' }, { data: { b: '2026-01-01' }, c: '2026-01-03' });
  expect([start_day, end_day].map(textOf)).toEqual(['2026-01-02', '2026-01-03']);
});
