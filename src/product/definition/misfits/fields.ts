// What is wrong with fields that our schema of schemas cannot say. Ajv would refuse much of it as well, but not say where.
import type { Leaf } from '../../../domain/policy.ts';
import { patternProblem } from '../../pattern.ts';
import type { Accepted, FieldType } from '../../product.ts';
import { type Schema, schemaAt, typeOf, withNumbers } from '../../schema.ts';
import { leafCompiler } from '../../validation.ts';
import type { Definition } from '../definition.ts';
import type { Mistake } from '../mistake.ts';

const POLICYHOLDER = ['first_name', 'last_name', 'email', 'language']; // what every policy has

/** Which types a keyword is for; those that are not here are for all. */
const MEANT_FOR: Readonly<Partial<Record<keyof Schema, readonly Schema['type'][]>>> = {
  format: ['string'],
  pattern: ['string'],
  minLength: ['string'],
  maxLength: ['string'],
  minimum: ['integer', 'number'],
  maximum: ['integer', 'number'],
  enum: ['string', 'integer', 'number'],
  accepts: ['string', 'integer', 'number'],
  examples: ['string', 'integer', 'number', 'boolean'],
  required: ['object'],
  properties: ['object'],
  patternProperties: ['object'],
  additionalProperties: ['object'],
  minProperties: ['object'],
  items: ['array'],
  minItems: ['array'],
  maxItems: ['array'],
};
const BOUNDS = [
  ['minimum', 'maximum'],
  ['minLength', 'maxLength'],
  ['minItems', 'maxItems'],
] as const;
const FITTING: Readonly<Record<Accepted, FieldType>> = {
  german_date: 'date',
  decimal_comma: 'number',
  amount: 'integer',
};

type Place = readonly string[];
type CompileLeaf = ReturnType<typeof leafCompiler>;

/** All that is wrong with the fields of the policy and of each module's quote, as they were written. */
export function fieldMisfits({ policy, modules }: Definition): Mistake[] {
  const compileLeaf = leafCompiler();
  const quotes = Object.entries(modules).map(([name, { quote }]) => ({
    place: ['modules', name, 'quote'],
    schema: quote,
  }));
  return [
    ...policyholderMisfits(policy),
    ...[{ place: ['policy'], schema: policy }, ...quotes].flatMap(({ place, schema }) => [
      ...(schema.type === 'object' ? [] : [{ path: [...place, 'type'], message: 'write object' }]),
      ...schemaMisfits(schema, place, compileLeaf),
    ]),
  ];
}

function policyholderMisfits(policy: Schema): Mistake[] {
  return POLICYHOLDER.filter((name) => {
    const field = policy.properties?.[name];
    return field?.type !== 'string' || !policy.required?.includes(name);
  }).map((name) => ({
    path: ['policy', 'properties'],
    message: `${name} must be there, of type string and required`,
  }));
}

function schemaMisfits(schema: Schema, place: Place, compileLeaf: CompileLeaf): Mistake[] {
  return [
    ...keywordMisfits(schema, place),
    ...boundMisfits(schema, place),
    ...requiredMisfits(schema, place),
    ...valueMisfits(schema, place, compileLeaf),
    ...formMisfits(schema, place),
    ...patternMisfits(schema, place),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
      schemaMisfits(child, [...place, 'properties', name], compileLeaf),
    ),
    ...Object.entries(schema.patternProperties ?? {}).flatMap(([pattern, child]) =>
      schemaMisfits(child, [...place, 'patternProperties', pattern], compileLeaf),
    ),
    ...(schema.items ? schemaMisfits(schema.items, [...place, 'items'], compileLeaf) : []),
  ];
}

function keywordMisfits(schema: Schema, place: Place): Mistake[] {
  const { type } = schema;
  const misfits = (Object.keys(schema) as (keyof Schema)[])
    .filter((keyword) => !(MEANT_FOR[keyword] ?? [type]).includes(type))
    .map((keyword): Mistake => {
      const message = `this is for fields of type ${MEANT_FOR[keyword]?.join(' or ')}: remove it, or change the type`;
      return { path: [...place, keyword], ofName: true, message };
    });
  const isEmpty = type === 'object' && !schema.properties && !schema.patternProperties;
  return isEmpty ? [...misfits, { path: place, message: 'write properties: this has no fields' }] : misfits;
}

function boundMisfits(schema: Schema, place: Place): Mistake[] {
  return BOUNDS.filter(
    ([least, most]) => (schema[least] ?? 0) > (schema[most] ?? Number.POSITIVE_INFINITY),
  ).map(([least, most]) => ({
    path: [...place, least],
    message: `write at most ${schema[most]}, which is the ${most}`,
  }));
}

function requiredMisfits(schema: Schema, place: Place): Mistake[] {
  if (schema.type !== 'object') return [];
  return (schema.required ?? []).flatMap((name, at) =>
    schema.properties && Object.hasOwn(schema.properties, name)
      ? []
      : [
          {
            path: [...place, 'required', String(at)],
            message: `there is no field "${name}": describe it under properties`,
          },
        ],
  );
}

/** A value that its own field refuses would stand in every template, or could never be chosen. */
function valueMisfits(schema: Schema, place: Place, compileLeaf: CompileLeaf): Mistake[] {
  const type = typeOf(schema);
  if (!type) return [];
  const values = (schema.enum ?? []).flatMap((value, at): Mistake[] =>
    isOfType(value, schema.type)
      ? []
      : [
          {
            path: [...place, 'enum', String(at)],
            message: `${JSON.stringify(value)} is not of type ${schema.type}`,
          },
        ],
  );
  if (values.length > 0 || !isCompilable(schema)) return values;
  const allows = compileLeaf(schema, place.join('.'));
  return (schema.examples ?? []).flatMap((example, at) =>
    allows(example)
      ? []
      : [
          {
            path: [...place, 'examples', String(at)],
            message: `${JSON.stringify(example)} is not allowed by the field itself`,
          },
        ],
  );
}

/** What is else wrong with a leaf is said elsewhere. */
function isCompilable(schema: Schema): boolean {
  return (
    keywordMisfits(schema, []).length === 0 &&
    (schema.pattern === undefined || patternProblem(schema.pattern) === undefined)
  );
}

function isOfType(value: Leaf, type: Schema['type']): boolean {
  switch (type) {
    case 'integer':
      return Number.isSafeInteger(value);
    case 'number':
      return Number.isFinite(value);
    default:
      return typeof value === type;
  }
}

function formMisfits(schema: Schema, place: Place): Mistake[] {
  const type = typeOf(schema);
  return (schema.accepts ?? []).flatMap((form, at) =>
    FITTING[form] === type
      ? []
      : [
          {
            path: [...place, 'accepts', String(at)],
            message: `${form} is for fields of type ${FITTING[form]}`,
          },
        ],
  );
}

function patternMisfits({ pattern, patternProperties = {} }: Schema, place: Place): Mistake[] {
  const problem = pattern === undefined ? undefined : patternProblem(pattern);
  const misfits: Mistake[] = problem === undefined ? [] : [{ path: [...place, 'pattern'], message: problem }];
  for (const [numbers, element] of Object.entries(patternProperties)) {
    const path = [...place, 'patternProperties', numbers];
    const wrong =
      patternProblem(numbers) ??
      numbersProblem({ type: 'object', patternProperties: { [numbers]: element } });
    if (wrong !== undefined) misfits.push({ path, ofName: true, message: wrong });
  }
  return misfits;
}

/** Templates and docs show the first element, which is number 0 or 1. */
function numbersProblem(schema: Schema): string | undefined {
  const numbered = withNumbers(schema);
  if (schemaAt(numbered, ['0']) || schemaAt(numbered, ['1'])) return undefined;
  return 'write a pattern that fits 0 or 1: elements are numbered from there';
}
