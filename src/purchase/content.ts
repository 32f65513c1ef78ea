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
  const json = JSON.stringify(values); // an absent leaf becomes null
  let text = integration;
  for (let i = 0; i < paths.length; i++) {
    const value = values[i];
    if (value !== undefined)
      text += `\n${paths[i]}\t${typeof value === 'string' ? JSON.stringify(value) : value}`;
  }
  return { values: json, hash: hash('sha256', text, 'hex').slice(0, HASH_DIGITS) };
}
