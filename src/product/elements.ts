// Paths name leaves as columns do, `*` standing for an element's number: `traveller.*.luggage.*.value`. What is read inside
// one element, or beside it, is read through the elements that lead to it.
import type { Leaf, Nested } from '../domain/policy.ts';

/** Where in the data: the root, or an element of it or of another element, with its number. */
export type Element = {
  readonly object: Nested;
  readonly level: number; // how many `*` lead here
  readonly number: string;
  readonly outer: Element | undefined;
};

/** Every element that `each` leads to (`traveller.*.luggage.*`); for no `each`, the data as a whole. */
export type Walk = (root: Nested, visit: (element: Element) => void) => void;

/** The value at a path, where there is a leaf; of an element it takes the member. */
export type Read = (element: Element) => Leaf | undefined;

/** The data as a whole. */
export function wholeOf(root: Nested): Element {
  return { object: root, level: 0, number: '', outer: undefined };
}

/** The function that goes through the elements of a path that ends with `*`. */
export function compileWalk(each: string | undefined): Walk {
  const groups = each === undefined ? [] : each.split('.*').slice(0, -1).map(namesOf);
  if (groups.length === 0) return (root, visit) => visit(wholeOf(root));
  return (root, visit) => descend(wholeOf(root), groups, visit);
}

/** The function that reads the leaf at `path`; each `*` in it is bound by the element that it is given. */
export function compileRead(path: string): Read {
  const parts = path.split('.*.');
  const level = parts.length - 1;
  const names = (parts[level] ?? '').split('.');
  const last = names.pop() ?? '';
  return (element) => {
    let at = element;
    while (at.level > level && at.outer) at = at.outer;
    let node: unknown = at.level === level ? at.object : undefined;
    for (let name = 0; name < names.length; name++) node = memberOf(node, names[name] as string);
    const leaf = memberOf(node, last);
    return typeof leaf === 'object' ? undefined : (leaf as Leaf | undefined);
  };
}

/** The numbers of the elements that lead here, the outermost first. */
export function numbersOf(element: Element): readonly string[] {
  const numbers: string[] = [];
  for (let at: Element | undefined = element; at?.outer; at = at.outer) numbers.unshift(at.number);
  return numbers;
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
  const names = groups[at.level];
  if (names === undefined) {
    visit(at);
    return;
  }
  let group: unknown = at.object;
  for (const name of names) group = memberOf(group, name);
  if (typeof group !== 'object' || group === null) return;
  for (const number in group) {
    const object = (group as Nested)[number];
    if (typeof object !== 'object' || object === null) continue;
    descend({ object, level: at.level + 1, number, outer: at }, groups, visit);
  }
}

function memberOf(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? (node as Nested)[name] : undefined;
}

function namesOf(part: string): string[] {
  return part.split('.').filter((name) => name !== '');
}
