import type { Nested } from '../domain/policy.ts';

const QUOTE_DATA = 0;
const POLICY = 1;

/** The objects of a row while it is being mapped, by group. */
type Objects = (Nested | undefined)[];

/**
 * The objects that the columns `a.b.c`, `a.b.d` … nest in. An object is made when its first member is, so that a
 * group whose cells are all empty is absent.
 */
export class Groups {
  private readonly names = ['quote.data', 'policy'];
  private readonly parents = [-1, -1];
  private readonly members = ['', ''];

  /** The number of a group by its dotted name, one for ever. */
  indexOf(name: string): number {
    const known = this.names.indexOf(name);
    if (known !== -1) return known;
    const dot = name.lastIndexOf('.');
    if (dot === -1) throw new Error(`${name} is no part of a purchase`);
    const parent = this.indexOf(name.slice(0, dot));
    this.parents.push(parent);
    this.members.push(name.slice(dot + 1));
    return this.names.push(name) - 1;
  }

  /** The objects of a new row. */
  begin(): { objects: Objects; quoteData: Nested; policy: Nested } {
    const quoteData: Nested = {};
    const policy: Nested = {};
    const objects: Objects = new Array<Nested | undefined>(this.names.length).fill(undefined);
    objects[QUOTE_DATA] = quoteData;
    objects[POLICY] = policy;
    return { objects, quoteData, policy };
  }

  /** The object of a group, made where it is not there yet. */
  open(objects: Objects, group: number): Nested {
    const known = objects[group];
    if (known) return known;
    const made: Nested = {};
    objects[group] = made;
    this.open(objects, this.parents[group] ?? QUOTE_DATA)[this.members[group] ?? ''] = made;
    return made;
  }
}
