import type { Leaf } from '../../domain/policy.ts';
import { compileRead, type Element, type Read } from '../elements.ts';

/** Fields and what they must hold for a row to fit: a value, or one of several. An answer that is absent counts as no. */
export type Conditions = Readonly<Record<string, Leaf | readonly Leaf[]>>;

/** When a row of a decision table fits: the value in question is at most `up_to`, and all of `when` holds. */
export type Band = { readonly up_to?: number; readonly when?: Conditions };

/** What a table says for an element: that of its first row that fits. */
export type Lookup<T> = (element: Element) => T | undefined;

type Test = (element: Element) => boolean;

/** The table as a function; `by` reads what `up_to` is compared with, and `resultOf` is asked once for each row. */
export function compileTable<Row extends Band, T>(
  by: Read | undefined,
  rows: readonly Row[],
  resultOf: (row: Row) => T,
): Lookup<T> {
  const upTo = rows.map((row) => row.up_to ?? Number.POSITIVE_INFINITY);
  const tests = rows.map(({ when }) => when && compileConditions(when));
  const values = rows.map(resultOf);
  return (element) => {
    const value = by === undefined ? 0 : (by(element) as number);
    for (let row = 0; row < upTo.length; row++) {
      if (value <= (upTo[row] as number) && (tests[row]?.(element) ?? true)) return values[row];
    }
    return undefined;
  };
}

/** Whether all conditions hold. */
export function compileConditions(when: Conditions): Test {
  const tests = Object.entries(when).map(([path, wanted]): Test => {
    const read = compileRead(path);
    const allowed = Array.isArray(wanted) ? (wanted as readonly Leaf[]) : [wanted as Leaf];
    const [only] = allowed;
    if (allowed.length === 1) return (element) => (read(element) ?? false) === only;
    return (element) => allowed.includes(read(element) ?? false);
  });
  const [only] = tests;
  return tests.length === 1 && only ? only : (element) => tests.every((test) => test(element));
}

/** Why no row fits. */
export function missReason(rows: readonly Band[], element: Element): string {
  const limits = rows
    .filter(({ when }) => !when || compileConditions(when)(element))
    .map((row) => row.up_to ?? Number.POSITIVE_INFINITY);
  return limits.length === 0
    ? 'the tariff has no price for what else was answered'
    : `the tariff ends at ${Math.max(...limits)}`;
}
