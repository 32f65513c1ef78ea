import type { Leaf, Nested } from './policy.ts';

/** Every leaf of valid data with its dotted path, sorted by it, as the columns of a file would be: `quote.data.group.0.price`. */
export function leavesOf(nested: Nested, root: string): (readonly [path: string, leaf: Leaf])[] {
  const leaves = Object.entries(nested).flatMap(([name, value]): (readonly [string, Leaf])[] =>
    typeof value === 'object' ? leavesOf(value, `${root}.${name}`) : [[`${root}.${name}`, value]],
  );
  return leaves.sort(([a], [b]) => (a < b ? -1 : 1));
}
