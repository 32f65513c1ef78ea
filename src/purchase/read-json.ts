import type { Leaf, Nested } from '../domain/policy.ts';
import { coerce } from '../product/coercion.ts';
import { nestedOf } from '../product/nested.ts';
import type { FieldError, FieldRule, Integration } from '../product/product.ts';

/** Data with the product's types, and what could not be turned into them. */
export type ReadJson = { readonly data: Nested; readonly errors: readonly FieldError[] };

/**
 * JSON as a partner sends it → data as a row of a file gives it: a text is coerced as a cell is, so that `"1"` for a yes or `"5000"` for an amount
 * means the same through both doors; an empty text or null is an absent field, and a group of such an absent group. What is wrong by its type alone stays as it is, for the
 * product's checks to name.
 */
export function readJson(integration: Integration, json: unknown, root: 'quote.data' | 'policy'): ReadJson {
  const nested = nestedOf(json, root);
  if (!nested.ok) return { data: {}, errors: nested.errors };
  const errors: FieldError[] = [];
  return { data: read(nested.value, root), errors };

  function read(node: Nested, path: string): Nested {
    const entries = Object.entries(node as Record<string, Leaf | Nested | null>);
    const members = entries.flatMap(([name, value]): (readonly [string, Leaf | Nested])[] => {
      if (value === null || value === '') return [];
      const at = `${path}.${name}`;
      if (typeof value !== 'object') return [[name, leaf(value, at)]];
      const group = read(value, at);
      return Object.keys(group).length === 0 ? [] : [[name, group]];
    });
    return Object.fromEntries(members);
  }

  function leaf(value: Leaf, path: string): Leaf {
    const rule = integration.fieldRule(path);
    const text = rule && textOf(value, rule);
    if (!rule || text === undefined) return value;
    const coerced = coerce(rule, text);
    if (coerced.ok) return coerced.value;
    errors.push({ code: coerced.code, path, value, message: `${path}: ${coerced.message}` });
    return value;
  }
}

/** What a cell would hold; undefined for a value that needs no coercion, or that no cell could hold. */
function textOf(value: Leaf, { type }: FieldRule): string | undefined {
  if (typeof value === 'string') return value;
  return type === 'boolean' && typeof value === 'number' ? String(value) : undefined;
}
