import { hash } from 'node:crypto';
import type { Leaf } from '../domain/policy.ts';

const HASH_DIGITS = 32; // of SHA-256, in hex: two contents of one key meet by chance once in 2^64 tries

/** A purchase's content: its leaves as stored, and the hash by which a repeated key is a duplicate or a conflict. */
export type Content = { readonly values: string; readonly hash: string };

/**
 * The content of a purchase whose leaves stand at `paths` (sorted, so that the order of a file's columns does not
 * matter). Absent leaves do not count: a file that has a column nobody fills says the same as one without it.
 */
export function contentOf(
  integration: string,
  paths: readonly string[],
  values: readonly (Leaf | undefined)[],
): Content {
  const said: Leaf[] = [integration];
  for (const [i, path] of paths.entries()) {
    const value = values[i];
    if (value !== undefined) said.push(path, value);
  }
  return {
    values: JSON.stringify(values), // an absent leaf becomes null
    hash: hash('sha256', JSON.stringify(said), 'hex').slice(0, HASH_DIGITS),
  };
}
