import type { RowError } from './import.ts';

/** Where a key was used first; without a file it was over REST. */
type FirstUse = { readonly name: string | null; readonly row: number | null; readonly line: number | null };

/** The reason of a row whose key belongs to a policy with other content. */
export function idempotencyConflict(key: string, first: FirstUse): RowError {
  const where =
    first.name === null ? 'over the REST API' : `in ${first.name}, row ${first.row} (line ${first.line})`;
  return {
    code: 'idempotency_conflict',
    column: 'idempotency_key',
    value: key,
    message: `idempotency_key: "${key}" was used already ${where}, with other content; a new purchase needs a key of its own`,
  };
}
