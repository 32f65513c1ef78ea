import { ROUNDINGS } from '../fraction.ts';
import { CERTIFICATE } from './certificate-schema.ts';
import { count, FIELD, text } from './field-schema.ts';
import { RULES } from './rule-schema.ts';
import { TARIFF } from './tariff-schema.ts';

const id = (prefix: string) =>
  ({
    type: 'string',
    pattern: `^${prefix}_[0-9a-z]+$`,
    description: `write ${prefix}_ and then small letters and digits`,
  }) as const;

const module = {
  type: 'object',
  description: 'write a module: integration, item, subscription_plan and quote',
  additionalProperties: false,
  required: ['integration', 'item', 'subscription_plan', 'quote'],
  properties: {
    integration: id('in'),
    item: id('ins'),
    subscription_plan: id('pp'),
    rated: {
      type: 'string',
      pattern: '^[A-Za-z]\\w*\\.\\*\\.[A-Za-z]\\w*$',
      description: 'write the group, *, and the priced field, as in traveller.*.age',
    },
    quote: { $ref: '#/$defs/field' },
  },
} as const;

const periodOfCover = {
  type: 'object',
  description: 'write start, and end or lasts',
  additionalProperties: false,
  required: ['start'],
  properties: {
    start: text,
    end: { type: 'array', items: text, minItems: 1, description: 'write a list of columns' },
    lasts: {
      type: 'object',
      minProperties: 1,
      description: 'write how long, as in { years: 1 }',
      additionalProperties: false,
      properties: { days: count, months: count, years: count },
    },
  },
} as const;

/** What a definition file must look like (JSON Schema 2020-12); each `description` says what to write instead. */
export const DEFINITION_SCHEMA = {
  $defs: { field: FIELD },
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
  description: 'write the parts of a definition, as docs/product-author.md explains them',
  properties: {
    id: id('pr'),
    name: text,
    insurer: text,
    region: text,
    languages: {
      type: 'array',
      items: {
        type: 'string',
        format: 'language',
        description: 'write two letters after ISO 639-1, as in de',
      },
      minItems: 1,
      uniqueItems: true,
      description: 'write a list of different languages, as in [de, en]',
    },
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
    rounding: {
      type: 'object',
      description: 'write where and how, as in { where: element, how: half_up }',
      additionalProperties: false,
      required: ['where', 'how'],
      properties: { where: { enum: ['element', 'sum'] }, how: { enum: ROUNDINGS } },
    },
    period_of_cover: periodOfCover,
    policy: { $ref: '#/$defs/field' },
    rules: RULES,
    tariff: TARIFF,
    certificate: CERTIFICATE,
    modules: {
      type: 'object',
      minProperties: 1,
      description: 'write modules by their names',
      propertyNames: {
        pattern: '^[A-Za-z][A-Za-z0-9_]*$',
        description: 'name modules with letters, digits and _ only',
      },
      additionalProperties: module,
    },
  },
} as const;
