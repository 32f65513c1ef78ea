import type { Leaf } from '../../../domain/policy.ts';
import type { Band, Conditions } from '../../tariff/table.ts';
import type { Mistake } from '../mistake.ts';

/** The first row that fits is used: one behind a wider row never is. */
export function unreachableRows(rows: readonly Band[], place: readonly string[]): Mistake[] {
  return rows.flatMap((row, at) => {
    const wider = rows.findIndex((other) => upTo(row) <= upTo(other) && includes(row.when, other.when));
    if (wider >= at) return [];
    const message = `never used, as row ${wider} comes first and fits as well: put it before, or remove it`;
    return [{ path: [...place, String(at)], message }];
  });
}

function upTo(row: Band): number {
  return row.up_to ?? Number.POSITIVE_INFINITY;
}

/** Whether the others hold whenever these do. */
function includes(conditions: Conditions = {}, others: Conditions = {}): boolean {
  return Object.entries(others).every(([name, wanted]) => {
    const value = conditions[name];
    const allowed: readonly Leaf[] = [wanted].flat();
    return value !== undefined && [value].flat().every((one) => allowed.includes(one));
  });
}
