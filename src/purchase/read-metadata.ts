import { isPoisonous } from '../domain/field-names.ts';
import type { Nested } from '../domain/policy.ts';
import { nestedOf } from '../product/nested.ts';
import type { FieldError } from '../product/product.ts';
import type { ReadJson } from './read-json.ts';

/**
 * A partner's own data → as the `metadata.…` columns of a file hold it: nested, all values texts, what is empty absent. A name must be one that
 * a column could have.
 */
export function readMetadata(json: unknown): ReadJson {
  const nested = nestedOf(json, 'metadata');
  if (!nested.ok) return { data: {}, errors: nested.errors };
  const errors = badNames(nested.value, 'metadata');
  return { data: errors.length === 0 ? texts(nested.value) : {}, errors };
}

function texts(node: Nested): Nested {
  const members = Object.entries(node).flatMap(([name, value]) => {
    if (value === null || value === '') return [];
    return [[name, typeof value === 'object' ? texts(value) : String(value)] as const];
  });
  return Object.fromEntries(members);
}

function badNames(node: Nested, path: string): FieldError[] {
  return Object.entries(node).flatMap(([name, value]) => {
    const at = `${path}.${name}`;
    if (name === '' || name.includes('.') || isPoisonous(name)) {
      const message = `${at}: "${name}" can be no name here: write one without dots`;
      return [{ code: 'unknown_field', path: at, value: undefined, message }];
    }
    return typeof value === 'object' && value !== null ? badNames(value, at) : [];
  });
}
