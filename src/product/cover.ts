import type { Nested } from '../domain/policy.ts';
import { dayOf, dayOfMonths } from './dates.ts';
import { compileRead, type Element, wholeOf } from './elements.ts';
import { rootOf } from './root.ts';

/**
 * When cover begins, and when it ends: on the latest of some dates, or after a time, whose last day is the one before the same day
 * again. Paths as the CSV names them.
 */
export type PeriodOfCover = {
  readonly start: string;
  readonly end?: readonly string[];
  readonly lasts?: { readonly days?: number; readonly months?: number; readonly years?: number };
};

type Period = { readonly start_day: number; readonly end_day: number };

/** First and last day of cover, days since 1970, of valid data. */
export function compilePeriod({
  start,
  end,
  lasts,
}: PeriodOfCover): (quoteData: Nested, policy: Nested) => Period {
  const startOf = dayReader(start);
  const lastOf = end
    ? latestOf(end.map(dayReader))
    : (_: Element, first: number) => dayAfter(first, lasts) - 1;
  return (quoteData, policy) => {
    const data = wholeOf(rootOf(quoteData, policy));
    const start_day = startOf(data);
    return { start_day, end_day: lastOf(data, start_day) };
  };
}

type DayReader = (data: Element) => number;

function latestOf(days: readonly DayReader[]): DayReader {
  return (data) => {
    let latest = Number.NEGATIVE_INFINITY;
    for (const dayIn of days) latest = Math.max(latest, dayIn(data));
    return latest;
  };
}

function dayAfter(day: number, { days = 0, months = 0, years = 0 }: PeriodOfCover['lasts'] = {}): number {
  return dayOfMonths(day, 12 * years + months) + days;
}

function dayReader(path: string): DayReader {
  const read = compileRead(path);
  return (data) => dayOf(read(data) as string);
}
