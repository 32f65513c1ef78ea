import type { Nested } from '../domain/policy.ts';
import { dayOf } from './dates.ts';

/** Where the first and the last day stand; of several last days the latest counts. Paths as the CSV names them. */
export type PeriodOfCover = { readonly start: string; readonly end: readonly string[] };

type Period = { readonly start_day: number; readonly end_day: number };

/** First and last day of cover, days since 1970, of valid data. */
export function compilePeriod({ start, end }: PeriodOfCover): (quoteData: Nested, policy: Nested) => Period {
  const startOf = leafReader(start);
  const endsOf = end.map(leafReader);
  return (quoteData, policy) => ({
    start_day: dayOf(startOf(quoteData, policy)),
    end_day: Math.max(...endsOf.map((endOf) => dayOf(endOf(quoteData, policy)))),
  });
}

function leafReader(path: string): (quoteData: Nested, policy: Nested) => string {
  const ofQuote = path.startsWith('quote.data.');
  const names = path.split('.').slice(ofQuote ? 2 : 1);
  return (quoteData, policy) => {
    let node: unknown = ofQuote ? quoteData : policy;
    for (const name of names) node = (node as Nested)[name];
    return node as string;
  };
}
