import { modeBit } from './bits.ts';
import type { Database } from './connection.ts';

const NUMBER_DIGITS = 9;

/**
 * Gives the integer of the next policy: above those of all policies and of all offers that there ever were, so that no id is
 * used twice, and a chunk's are contiguous.
 */
export function policyNumbers(db: Database): () => number {
  const last = db.prepare(
    `SELECT max(coalesce((SELECT max(id) FROM policy), 0),
       coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'offer'), 0)) AS id`,
  );
  return () => Number(last.get()?.['id']) + 1;
}

/** The insurer's number: the product's pattern with the policy's integer; that of a test policy begins `TEST-`. */
export function policyNumber(pattern: string, id: number, mode: number): string {
  const number = pattern.replace('{number}', String(id).padStart(NUMBER_DIGITS, '0'));
  return mode === modeBit('test') ? `TEST-${number}` : number;
}
