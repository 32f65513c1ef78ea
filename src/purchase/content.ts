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
  return contentIn(structureOf(integration, paths, values), values);
}

/** What contents whose present leaves stand at the same paths have in common: worth keeping for many of them. */
export function structureOf(
  integration: string,
  paths: readonly string[],
  values: readonly (Leaf | undefined)[],
): string {
  const present = paths.filter((_, i) => values[i] !== undefined);
  return hash('sha256', JSON.stringify([integration, ...present]), 'hex');
}

/** The content of values in a structure that was made for them. */
export function contentIn(structure: string, values: readonly (Leaf | undefined)[]): Content {
  const stored = JSON.stringify(values); // an absent leaf becomes null
  const said = values.includes(undefined)
    ? JSON.stringify(values.filter((value) => value !== undefined))
    : stored;
  return { values: stored, hash: hash('sha256', structure + said, 'hex').slice(0, HASH_DIGITS) };
}
