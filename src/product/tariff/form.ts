import type { Rounding } from '../fraction.ts';
import type { Band } from './table.ts';

/** Gives the base: a net in cents, or a rate of the value that the table is read by. */
export type BaseRow = Band & { readonly net?: number; readonly rate?: string };

/** Multiplies the base: by a table, by the value of an enumeration, or by the days of cover over a number of days. */
export type Factor = {
  readonly by?: string;
  readonly table?: readonly (Band & { readonly factor: string })[];
  readonly values?: Readonly<Record<string, string>>;
  readonly days_of_cover?: number;
};

/** `each` names the elements that are priced one by one; without it the part is priced once. Paths begin below `quote.data`. */
export type Part = {
  readonly name?: string;
  readonly each?: string;
  readonly base: { readonly by?: string; readonly table: readonly BaseRow[] };
  readonly factors?: readonly Factor[];
  readonly minimum?: number;
};

/** Where nets are rounded, each element's or only their sum, and how; the tax is rounded in the same way. */
export type RoundingRule = { readonly where: 'element' | 'sum'; readonly how: Rounding };
