import type { Leaf } from '../domain/policy.ts';
import type { Accepted, Field, FieldRule, FieldType } from './product.ts';

/** The part of JSON Schema 2020-12 that a product's fields are described with. */
export type Schema = {
  readonly type: 'object' | 'string' | 'integer' | 'number' | 'boolean';
  readonly title?: string;
  readonly description?: string;
  readonly format?: string;
  readonly enum?: readonly Leaf[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false;
  readonly minProperties?: 1;
  readonly accepts?: readonly Accepted[];
  readonly examples?: readonly Leaf[];
};

/** The schema at the end of a path of names below `schema`; undefined when there is no such field. */
export function schemaAt(schema: Schema, names: readonly string[]): Schema | undefined {
  let node: Schema | undefined = schema;
  for (const name of names) node = node && member(node, name);
  return node;
}

/** The schema of the leaf at a dotted path, where `schema` stands at `root`; undefined for objects and where there is nothing. */
export function leafBelow(schema: Schema, root: string, path: string): Schema | undefined {
  if (!path.startsWith(`${root}.`)) return undefined;
  const found = schemaAt(schema, path.slice(root.length + 1).split('.'));
  return found && typeOf(found) && found;
}

/** Every leaf below `schema`, `*` standing for an element number. */
export function fieldsOf(schema: Schema, path: string, required = true): Field[] {
  const type = typeOf(schema);
  if (type) {
    const { title = path, description, examples: [example] = [] } = schema;
    return [{ path, ...ruleOf(schema, type), required, title, description, example }];
  }
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    fieldsOf(child, `${path}.${name}`, required && (schema.required ?? []).includes(name)),
  );
  const numbered = Object.values(schema.patternProperties ?? {}).flatMap((child) =>
    fieldsOf(child, `${path}.*`, required),
  );
  return [...named, ...numbered];
}

function member(schema: Schema, name: string): Schema | undefined {
  if (schema.properties && Object.hasOwn(schema.properties, name)) return schema.properties[name];
  const patterns = Object.entries(schema.patternProperties ?? {});
  return patterns.find(([pattern]) => new RegExp(pattern, 'u').test(name))?.[1];
}

/** How the cells of a leaf are read. */
export function ruleOf(schema: Schema, type: FieldType): FieldRule {
  return { type, accepts: schema.accepts ?? [] };
}

/** The type of a leaf; undefined for an object. */
export function typeOf(schema: Schema): FieldType | undefined {
  if (schema.type === 'object') return undefined;
  return schema.format === 'date' ? 'date' : schema.type;
}
