// Paths name leaves as columns do, `*` standing for an element's number: `traveller.*.luggage.*.value`. What is read inside
// one element, or beside it, is read through the elements that lead to it.
import type { Leaf, Nested } from '../domain/policy.ts';

/** Where in the data: the root, then the element for each `*`, and the numbers of these. */
export type Element = { readonly objects: readonly Nested[]; readonly numbers: readonly string[] };

/** Every element that `each` leads to (`traveller.*.luggage.*`); for no `each`, the data as a whole. */
export type Walk = (root: Nested, visit: (element: Element) => void) => void;

/** The value at a path, where there is a leaf; of an element it takes the member. */
export type Read = (element: Element) => Leaf | undefined;

/** The function that goes through the elements of a path that ends with `*`. */
export function compileWalk(each: string | undefined): Walk {
  const groups = each === undefined ? [] : each.split('.*').slice(0, -1).map(namesOf);
  return (root, visit) => descend({ objects: [root], numbers: [] }, groups, visit);
}

/** The function that reads the leaf at `path`; each `*` in it is bound by the element that it is given. */
export function compileRead(path: string): Read {
  const parts = path.split('.*.');
  const depth = parts.length - 1;
  const names = (parts[depth] ?? '').split('.');
  const last = names.pop() ?? '';
  return ({ objects }) => {
    let node: unknown = objects[depth];
    for (const name of names) node = memberOf(node, name);
    const leaf = memberOf(node, last);
    return typeof leaf === 'object' ? undefined : (leaf as Leaf | undefined);
  };
}

/** The path with the numbers of the elements in it. */
export function numberedPath(path: string, numbers: readonly string[]): string {
  let next = 0;
  return path.replaceAll('*', () => numbers[next++] ?? '*');
}

/** The elements that must be given for a path to name one leaf: `traveller.*` for `traveller.*.age`. */
export function elementsOf(path: string): string | undefined {
  const end = path.lastIndexOf('.*');
  return end === -1 ? undefined : path.slice(0, end + 2);
}

function descend(at: Element, groups: readonly string[][], visit: (element: Element) => void): void {
  const [names, ...inner] = groups;
  if (names === undefined) {
    visit(at);
    return;
  }
  let group: unknown = at.objects.at(-1);
  for (const name of names) group = memberOf(group, name);
  if (typeof group !== 'object' || group === null) return;
  for (const [number, element] of Object.entries(group)) {
    if (typeof element !== 'object' || element === null) continue;
    descend({ objects: [...at.objects, element], numbers: [...at.numbers, number] }, inner, visit);
  }
}

function memberOf(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Nested)[name] : undefined;
}

function namesOf(part: string): string[] {
  return part.split('.').filter((name) => name !== '');
}
