import { ACCEPTED } from './product.ts';

const MOST_ROWS = 1000; // of a tariff: they are tried in turn for every element
const HIGHEST_NET = 100_000_000; // a million euros: 1000 elements of it can still be taxed in safe integers

const text = { type: 'string', minLength: 1, description: 'write a text' } as const;
const count = { type: 'integer', minimum: 0, description: 'write a whole number, 0 or more' } as const;
const number = { type: 'number', description: 'write a number' } as const;
const pattern = { type: 'string', format: 'regex', description: 'write a regular expression' } as const;
const fields = {
  type: 'object',
  propertyNames: {
    pattern: '^(?!constructor$|prototype$)[A-Za-z][A-Za-z0-9_]*$',
    description: 'name fields with letters, digits and _ only, as they are parts of column names',
  },
  additionalProperties: { $ref: '#/$defs/field' },
} as const;

const id = (prefix: string) =>
  ({
    type: 'string',
    pattern: `^${prefix}_[0-9a-z]+$`,
    description: `write ${prefix}_ and then small letters and digits`,
  }) as const;

/** The part of JSON Schema by which fields are described: every keyword here has a sentence for who breaks it. */
const field = {
  type: 'object',
  additionalProperties: false,
  required: ['type'],
  properties: {
    type: { enum: ['object', 'string', 'integer', 'number', 'boolean'] },
    title: text,
    description: text,
    format: { enum: ['date', 'email', 'language'] },
    enum: { type: 'array', minItems: 1, description: 'write a list of values' },
    pattern,
    minLength: count,
    maxLength: count,
    minimum: number,
    maximum: number,
    required: { type: 'array', items: text },
    properties: fields,
    patternProperties: {
      type: 'object',
      propertyNames: pattern,
      additionalProperties: { $ref: '#/$defs/field' },
    },
    additionalProperties: { const: false, description: 'write false: other fields are refused' },
    accepts: { type: 'array', items: { enum: ACCEPTED }, description: 'write a list of forms' },
    examples: { type: 'array', minItems: 1, description: 'write a list of values' },
    minProperties: { const: 1, description: 'write 1, or leave it away' },
  },
  if: { properties: { type: { const: 'object' } } },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  then: { required: ['additionalProperties'] },
} as const;

const tariff = {
  type: 'object',
  additionalProperties: false,
  required: ['illustrative', 'table'],
  properties: {
    illustrative: { type: 'boolean', description: 'write true or false' },
    note: text,
    table: {
      type: 'array',
      minItems: 1,
      maxItems: MOST_ROWS,
      description: `write 1 to ${MOST_ROWS} rows`,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['up_to', 'net'],
        properties: {
          up_to: count,
          net: { ...count, maximum: HIGHEST_NET, description: `write cents, 0 to ${HIGHEST_NET}` },
          when: { type: 'object', description: 'write fields of the quote and their values' },
        },
      },
    },
  },
} as const;

const module = {
  type: 'object',
  additionalProperties: false,
  required: ['integration', 'item', 'subscription_plan', 'rated', 'quote'],
  properties: {
    integration: id('in'),
    item: id('ins'),
    subscription_plan: id('pp'),
    rated: {
      type: 'string',
      pattern: '^[A-Za-z]\\w*\\.\\*\\.[A-Za-z]\\w*$',
      description: 'write the group, *, and the priced field, as in protected_element.*.price',
    },
    quote: { $ref: '#/$defs/field' },
  },
} as const;

/** What a definition file must look like (JSON Schema 2020-12); each `description` says what to write instead. */
export const DEFINITION_SCHEMA = {
  $defs: { field },
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'name',
    'insurer',
    'region',
    'currency',
    'policy_number',
    'premium_tax',
    'period_of_cover',
    'policy',
    'tariff',
    'modules',
  ],
  description: 'write the parts of a definition, as in products/ticketplan-ticket-refund.yaml',
  properties: {
    id: id('pr'),
    name: text,
    insurer: text,
    region: text,
    currency: {
      type: 'string',
      pattern: '^[A-Z]{3}$',
      description: 'write three capital letters, as in EUR',
    },
    policy_number: {
      type: 'string',
      pattern: '^[A-Za-z0-9/-]*\\{number\\}$',
      description: 'write letters, digits, - and /, and {number} at the end, as in TR-{number}',
    },
    premium_tax: {
      type: 'string',
      pattern: '^0\\.\\d{1,4}$',
      description: 'write a share in quotes, with at most four decimals, as in "0.19"',
    },
    period_of_cover: {
      type: 'object',
      additionalProperties: false,
      required: ['start', 'end'],
      properties: {
        start: text,
        end: { type: 'array', items: text, minItems: 1, description: 'write a list of columns' },
      },
    },
    policy: { $ref: '#/$defs/field' },
    tariff,
    modules: { type: 'object', minProperties: 1, additionalProperties: module },
  },
} as const;
