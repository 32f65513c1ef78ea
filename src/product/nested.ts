import type { Nested } from '../domain/policy.ts';
import type { FieldError } from './product.ts';

const DEEPEST = 20; // levels; a product's own have under ten, and what comes in shall not fill the stack

export type NestedResult =
  | { readonly ok: true; readonly value: Nested }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/**
 * JSON as a partner sends it, in the form that a product's checks and prices take: an array is an object whose members are numbered
 * from 0, so that `[{ "price": 5 }]` means what a column `….0.price` with 5 means. `root` begins the paths of what is wrong: that it is
 * no object, or nested without end. All else, types too, is for the product's checks to say.
 */
export function nestedOf(json: unknown, root: string): NestedResult {
  if (!isObject(json)) return wrong('invalid_type', root, json, 'write an object of fields');
  const deep = deepPath(json, root, 0);
  if (deep !== undefined) {
    return wrong('too_long', deep, undefined, `it is nested in more than ${DEEPEST} levels`);
  }
  return { ok: true, value: numbered(json) as Nested };
}

function numbered(json: unknown): unknown {
  if (Array.isArray(json)) return Object.fromEntries(json.map((one, number) => [number, numbered(one)]));
  // A member named __proto__ must stay a member, to be refused by its name.
  if (isObject(json)) return Object.fromEntries(Object.entries(json).map(([k, one]) => [k, numbered(one)]));
  return json;
}

function deepPath(json: unknown, path: string, level: number): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if (level === DEEPEST) return path;
  for (const [name, member] of Object.entries(json)) {
    const deep = deepPath(member, `${path}.${name}`, level + 1);
    if (deep !== undefined) return deep;
  }
  return undefined;
}

function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function wrong(code: string, path: string, value: unknown, reason: string): NestedResult {
  return { ok: false, errors: [{ code, path, value, message: `${path}: ${reason}` }] };
}
