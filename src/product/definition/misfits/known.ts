// What the other parts of a definition may refer to: the fields of a module's quote and of the policy.
import type { Leaf } from '../../../domain/policy.ts';
import { elementsOf } from '../../elements.ts';
import type { Field, FieldType } from '../../product.ts';
import { fieldsOf, isRequired, type Schema, schemaAt } from '../../schema.ts';
import type { Conditions } from '../../tariff/table.ts';
import type { Definition, Module } from '../definition.ts';
import type { Mistake } from '../mistake.ts';

/** A module with all fields of its policies, by paths that begin with `quote.data` or `policy`. */
export type Known = {
  readonly name: string;
  readonly module: Module;
  readonly fields: ReadonlyMap<string, Field>;
};

export function knownModules({ modules, policy }: Definition): Known[] {
  return Object.entries(modules).map(([name, module]) => {
    const fields = [...fieldsOf(module.quote, 'quote.data'), ...fieldsOf(policy, 'policy')];
    return { name, module, fields: new Map(fields.map((field) => [field.path, field])) };
  });
}

/** Whether a leaf is there whenever the element is that it belongs to. `path` begins below `schema`. */
export function isAlwaysThere(schema: Schema, path: string): boolean {
  const elements = elementsOf(path)?.split('.') ?? [];
  const names = path.split('.').slice(elements.length);
  let node = schemaAt(schema, elements);
  for (const name of names) {
    if (!node || !isRequired(node, name)) return false;
    node = schemaAt(node, [name]);
  }
  return node !== undefined;
}

/** Whether every `*` of `path` is one of `each`, so that inside an element it names one leaf. */
export function isBound(path: string, each: string | undefined): boolean {
  const elements = elementsOf(path);
  return elements === undefined || elements === each || (each ?? '').startsWith(`${elements}.`);
}

/** Conditions on fields that are not there, or on values that they never have; `begin` is what their paths begin with. */
export function conditionMisfits(
  when: Conditions,
  {
    begin,
    each,
    known,
    place,
  }: { begin: string; each: string | undefined; known: Known; place: readonly string[] },
): Mistake[] {
  return Object.entries(when).flatMap(([name, wanted]): Mistake[] => {
    const path = [...place, name];
    const field = known.fields.get(begin + name);
    if (!field) return [{ path, ofName: true, message: `module ${known.name} has no field ${begin}${name}` }];
    if (!isBound(begin + name, each)) return [{ path, ofName: true, message: unbound(begin + name, each) }];
    const never = [wanted].flat().find((value) => !canBe(field, value));
    if (never === undefined) return [];
    return [
      {
        path,
        message: `${begin}${name} is never ${JSON.stringify(never)} in module ${known.name}${hint(field)}`,
      },
    ];
  });
}

export function unbound(path: string, each: string | undefined): string {
  return `${path} is in an element, but not in ${each ?? 'the quote as a whole'}: say with each which elements are meant`;
}

function hint({ type, values }: Field): string {
  if (values) return `: write one of ${values.join(', ')}`;
  return type === 'boolean' ? ': write true or false' : '';
}

function canBe({ type, values }: Field, value: Leaf): boolean {
  if (values) return values.includes(value);
  switch (type as FieldType) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
    case 'number':
      return typeof value === 'number';
    default:
      return typeof value === 'string';
  }
}
