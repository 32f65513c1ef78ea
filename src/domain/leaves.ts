import type { Leaf, Nested } from './policy.ts';

type PathAndLeaf = readonly [path: string, leaf: Leaf];

/** Every leaf of valid data with its dotted path, sorted by it, as the columns of a file would be: `quote.data.group.0.price`. */
export function leavesOf(nested: Nested, root: string): PathAndLeaf[] {
  const leaves: PathAndLeaf[] = [];
  collect(nested, root, leaves);
  return leaves.sort(([a], [b]) => (a < b ? -1 : 1));
}

function collect(nested: Nested, path: string, leaves: PathAndLeaf[]): void {
  for (const [name, value] of Object.entries(nested)) {
    if (typeof value === 'object') collect(value, `${path}.${name}`, leaves);
    else leaves.push([`${path}.${name}`, value]);
  }
}
