import type { Leaf } from '../domain/policy.ts';
import { compilePattern } from './pattern.ts';
import type { Accepted, Field, FieldRule, FieldType } from './product.ts';

/** The part of JSON Schema 2020-12 that a product's fields are described with. */
export type Schema = {
  readonly type: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
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
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: false;
  readonly minProperties?: number;
  readonly accepts?: readonly Accepted[];
  readonly examples?: readonly Leaf[];
};

/** The same schema with every array as an object whose members are numbered from 0, which is how columns and our data have it. */
export function withNumbers(schema: Schema): Schema {
  const { items, minItems, maxItems = 0, properties, patternProperties, ...own } = schema;
  if (own.type === 'array' && items) {
    return {
      ...own,
      type: 'object',
      additionalProperties: false,
      ...(minItems === undefined ? {} : { minProperties: minItems }),
      patternProperties: { [upTo(maxItems - 1)]: withNumbers(items) },
    };
  }
  return {
    ...own,
    ...(properties ? { properties: mapped(properties) } : {}),
    ...(patternProperties ? { patternProperties: mapped(patternProperties) } : {}),
  };
}

/** The pattern of the numbers from 0 to `last`, as columns write them. */
function upTo(last: number): string {
  const digits = String(last);
  const shorter = Array.from({ length: digits.length - 1 }, (_, more) =>
    more === 0 ? '[0-9]' : `[1-9][0-9]{${more}}`,
  );
  const asLong = [...digits].flatMap((digit, at) => {
    const least = at === 0 && digits.length > 1 ? 1 : 0;
    if (Number(digit) <= least) return [];
    const rest = digits.length - at - 1;
    return [`${digits.slice(0, at)}[${least}-${Number(digit) - 1}]${rest === 0 ? '' : `[0-9]{${rest}}`}`];
  });
  return `^(${[...shorter, ...asLong, digits].join('|')})$`;
}

/**
 * The schema at the end of a path of names below `schema`; undefined when there is no such field. `*` is an element of whatever
 * number.
 */
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
    const { title = path, description, enum: values, examples: [example] = [] } = schema;
    return [{ path, ...ruleOf(schema, type), required, title, description, values, example }];
  }
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    fieldsOf(child, `${path}.${name}`, required && isRequired(schema, name)),
  );
  const numbered = Object.values(schema.patternProperties ?? {}).flatMap((child) =>
    fieldsOf(child, `${path}.*`, required),
  );
  return [...named, ...numbered];
}

/** Whether an object that satisfies the schema always has this member. */
export function isRequired(schema: Schema, name: string): boolean {
  return (schema.required ?? []).includes(name);
}

function member(schema: Schema, name: string): Schema | undefined {
  if (schema.properties && Object.hasOwn(schema.properties, name)) return schema.properties[name];
  const patterns = Object.entries(schema.patternProperties ?? {});
  if (name === '*') return patterns[0]?.[1];
  return patterns.find(([pattern]) => compilePattern(pattern).test(name))?.[1];
}

/** How the cells of a leaf are read. */
export function ruleOf(schema: Schema, type: FieldType): FieldRule {
  return { type, accepts: schema.accepts ?? [] };
}

/** The type of a leaf; undefined for an object. */
export function typeOf(schema: Schema): FieldType | undefined {
  if (schema.type === 'object' || schema.type === 'array') return undefined;
  return schema.format === 'date' ? 'date' : schema.type;
}

function mapped(schemas: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withNumbers(schema)]));
}
