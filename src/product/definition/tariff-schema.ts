import { count, text } from './field-schema.ts';

const MOST_ROWS = 1000; // of a table: they are tried in turn for every element
const MOST_PARTS = 20; // of a tariff, and factors of a part
const HIGHEST_NET = 100_000_000; // of a row: a million euros

const net = { ...count, maximum: HIGHEST_NET, description: `write cents, 0 to ${HIGHEST_NET}` } as const;
const upTo = { type: 'number', minimum: 0, description: 'write a number, 0 or more' } as const;
const exactNumber = {
  type: 'string',
  format: 'fraction',
  description: 'write a number in quotes, as in "1.25" or "2/3"',
} as const;

/** Keys are fields; a value, or one of several. */
export const conditions = {
  type: 'object',
  minProperties: 1,
  description: 'write fields and the values that they must have',
  additionalProperties: {
    type: ['string', 'number', 'boolean', 'array'],
    minItems: 1,
    items: { type: ['string', 'number', 'boolean'], description: 'write a value' },
    description: 'write a value, or a list of values',
  },
} as const;

const rows = <Result extends object>(result: Result, needed: readonly string[]) =>
  ({
    type: 'array',
    minItems: 1,
    maxItems: MOST_ROWS,
    description: `write 1 to ${MOST_ROWS} rows`,
    items: {
      type: 'object',
      description: 'write a row, as in { up_to: 5000, net: 1728 }',
      additionalProperties: false,
      required: needed,
      properties: { up_to: upTo, when: conditions, ...result },
    },
  }) as const;

const factor = {
  type: 'object',
  description: 'write a factor: by and values, by and table, or days_of_cover',
  additionalProperties: false,
  minProperties: 1,
  properties: {
    by: text,
    values: {
      type: 'object',
      minProperties: 1,
      description: 'write a factor for each value',
      additionalProperties: exactNumber,
    },
    table: rows({ factor: exactNumber }, ['factor']),
    days_of_cover: {
      type: 'integer',
      minimum: 1,
      maximum: 3660,
      description: 'write for how many days the base is, 1 to 3660',
    },
  },
} as const;

const part = {
  type: 'object',
  description: 'write a part of the tariff: base, and perhaps each, factors and minimum',
  additionalProperties: false,
  required: ['base'],
  properties: {
    name: text,
    each: {
      type: 'string',
      pattern: '^[A-Za-z]\\w*(\\.[A-Za-z]\\w*|\\.\\*)*\\.\\*$',
      description: 'write a group and *, as in traveller.*',
    },
    base: {
      type: 'object',
      description: 'write a table, and by which field it is read',
      additionalProperties: false,
      required: ['table'],
      properties: { by: text, table: rows({ net, rate: exactNumber }, []) },
    },
    factors: {
      type: 'array',
      items: factor,
      minItems: 1,
      maxItems: MOST_PARTS,
      description: `write a list of 1 to ${MOST_PARTS} factors`,
    },
    minimum: net,
  },
} as const;

export const TARIFF = {
  type: 'object',
  description: 'write a tariff: illustrative, and a table or parts',
  additionalProperties: false,
  required: ['illustrative'],
  properties: {
    illustrative: { type: 'boolean', description: 'write true or false' },
    note: text,
    table: rows({ net }, ['up_to', 'net']),
    parts: {
      type: 'array',
      items: part,
      minItems: 1,
      maxItems: MOST_PARTS,
      description: `write a list of 1 to ${MOST_PARTS} parts`,
    },
    minimum: net,
  },
} as const;
