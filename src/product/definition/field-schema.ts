import { ACCEPTED } from '../product.ts';

export const text = { type: 'string', minLength: 1, description: 'write a text' } as const;
export const count = { type: 'integer', minimum: 0, description: 'write a whole number, 0 or more' } as const;
const number = { type: 'number', description: 'write a number' } as const;

export const MOST_ELEMENTS = 1000; // of an array: a file has at most so many columns

const fields = {
  type: 'object',
  description: 'write fields by their names',
  propertyNames: {
    pattern: '^(?!constructor$|prototype$)[A-Za-z][A-Za-z0-9_]*$',
    description: 'name fields with letters, digits and _ only, as they are parts of column names',
  },
  additionalProperties: { $ref: '#/$defs/field' },
} as const;

/** The part of JSON Schema by which fields are described: every keyword here has a sentence for who breaks it. */
export const FIELD = {
  type: 'object',
  description: 'write a description of a field, as in { type: string }',
  additionalProperties: false,
  required: ['type'],
  properties: {
    type: { enum: ['object', 'array', 'string', 'integer', 'number', 'boolean'] },
    title: text,
    description: text,
    format: { enum: ['date', 'email', 'language'] },
    enum: { type: 'array', minItems: 1, uniqueItems: true, description: 'write a list of different values' },
    pattern: text,
    minLength: count,
    maxLength: count,
    minimum: number,
    maximum: number,
    required: {
      type: 'array',
      items: text,
      uniqueItems: true,
      description: 'write a list of different names',
    },
    properties: fields,
    items: { $ref: '#/$defs/field' },
    minItems: count,
    maxItems: {
      type: 'integer',
      minimum: 1,
      maximum: MOST_ELEMENTS,
      description: `write how many at most, 1 to ${MOST_ELEMENTS}`,
    },
    patternProperties: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      description: 'write one pattern for the numbers of the elements',
      additionalProperties: { $ref: '#/$defs/field' },
    },
    additionalProperties: { const: false, description: 'write false: other fields are refused' },
    accepts: { type: 'array', items: { enum: ACCEPTED }, description: 'write a list of forms' },
    examples: { type: 'array', minItems: 1, description: 'write a list of values' },
    minProperties: { ...count, description: 'write how many elements at least' },
  },
  allOf: [
    {
      if: { properties: { type: { const: 'object' } } },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: { required: ['additionalProperties'] },
    },
    {
      if: { properties: { type: { const: 'array' } } },
      // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
      then: { required: ['items', 'maxItems'] },
    },
  ],
} as const;
