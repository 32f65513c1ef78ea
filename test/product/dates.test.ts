import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dateProblem, dayOf, isDate } from '../../src/product/dates.ts';

const FIRST = dayOf('1900-01-01');
const LAST = dayOf('2999-12-31');
const textOf = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);

describe('a date', () => {
  test('is every day from 1900 to 2999, and counts one more each day', () => {
    const wrong = [];
    for (let day = FIRST; day <= LAST; day++) {
      if (!isDate(textOf(day)) || dayOf(textOf(day)) !== day) wrong.push(textOf(day));
    }
    expect(wrong).toEqual([]);
  });

  test('is no day that a calendar does not have', () => {
    const part = (max: number) => fc.integer({ min: 0, max });
    fc.assert(
      fc.property(fc.integer({ min: 1890, max: 3010 }), part(19), part(39), (year, month, day) => {
        const text = [year, String(month).padStart(2, '0'), String(day).padStart(2, '0')].join('-');
        const at = new Date(Date.UTC(year, month - 1, day));
        const exists = at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
        expect(isDate(text)).toBe(exists && year >= 1900 && year <= 2999);
      }),
    );
  });

  test.each([
    '',
    '2022',
    '20221101',
    '2022-1-1',
    '22-01-01',
    ' 2022-01-01',
    '2022-01-01 ',
    '2022-01-01\n',
    '2022-01-01T00:00:00Z',
    '+002022-01-01',
    '٢٠٢٢-٠١-٠١',
    '01/02/2022',
  ])('is not %j', (text) => {
    expect(isDate(text)).toBe(false);
  });

  test.each([
    ['2022-11-31', 'November 2022 has 30 days'],
    ['2023-02-29', 'February 2023 has 28 days'],
    ['1900-02-29', 'February 1900 has 28 days'],
    ['2022-11-00', 'November 2022 has 30 days'],
    ['2022-13-01', 'months go from 01 to 12'],
    ['2022-00-01', 'months go from 01 to 12'],
    ['1822-11-30', 'years go from 1900 to 2999'],
    ['31.12.2022', 'write 2022-12-31'],
    ['1.2.2022', 'write 2022-02-01'],
    ['31.11.2022', 'write YYYY-MM-DD, as in 2026-12-31'],
    ['soon', 'write YYYY-MM-DD, as in 2026-12-31'],
  ])('that is none, %s, is explained: %s', (text, reason) => {
    expect(isDate(text)).toBe(false);
    expect(dateProblem(text)).toBe(`"${text}" is not a date: ${reason}`);
  });

  test.each(['2024-02-29', '2000-02-29'])('%s exists', (text) => {
    expect(isDate(text)).toBe(true);
  });
});
