import type { Leaf } from '../domain/policy.ts';

/** A purchase's content: its leaves as stored, and the hash by which a repeated key is a duplicate or a conflict. */
export type Content = { readonly values: string; readonly hash: Uint8Array };

export declare function contentOf(
  integration: string,
  paths: readonly string[],
  values: readonly (Leaf | undefined)[],
): Content;
