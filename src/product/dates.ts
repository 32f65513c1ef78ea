const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;
const GERMAN = /^(\d{1,2})\.(\d{1,2})\.(\d{4})$/;
const EARLIEST_YEAR = 1900;
const LATEST_YEAR = 2999;
const DAY = 86_400_000; // ms
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** Whether the text is a calendar date that exists, as `YYYY-MM-DD`. */
export function isDate(text: string): boolean {
  const [, year = '', month = '', day = ''] = FORM.exec(text) ?? [];
  const y = Number(year);
  const m = Number(month);
  const d = Number(day);
  return y >= EARLIEST_YEAR && y <= LATEST_YEAR && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m);
}

/** Days since 1970 of a date that `isDate`. */
export function dayOf(date: string): number {
  return Date.parse(date) / DAY;
}

/** What is wrong with a text that is no date, and what to write. */
export function dateProblem(text: string): string {
  const [, year = '', month = '', day = ''] = FORM.exec(text) ?? [];
  const name = MONTHS[Number(month) - 1];
  if (name && Number(day) >= 1 && Number(year) >= EARLIEST_YEAR && Number(year) <= LATEST_YEAR) {
    return `"${text}" is not a date: ${name} ${year} has ${daysIn(Number(year), Number(month))} days`;
  }
  const [, germanDay = '', germanMonth = '', germanYear = ''] = GERMAN.exec(text) ?? [];
  const meant = `${germanYear}-${germanMonth.padStart(2, '0')}-${germanDay.padStart(2, '0')}`;
  const advice = isDate(meant) ? meant : 'YYYY-MM-DD, as in 2026-12-31';
  return `"${text}" is not a date: write ${advice}`;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
