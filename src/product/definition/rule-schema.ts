import { count, text } from './field-schema.ts';
import { conditions } from './tariff-schema.ts';

const MOST_RULES = 100;

export const RULES = {
  type: 'array',
  maxItems: MOST_RULES,
  description: `write a list of at most ${MOST_RULES} rules`,
  items: {
    type: 'object',
    description: 'write a rule, as in { field: policy.data.end, not_before: policy.data.start }',
    additionalProperties: false,
    required: ['field'],
    properties: {
      field: text,
      not_before: text,
      not_after: text,
      within: {
        type: 'object',
        description: 'write days and after, as in { days: 30, after: policy.data.start }',
        additionalProperties: false,
        required: ['days', 'after'],
        properties: { days: count, after: text },
      },
      at_least: text,
      at_most: text,
      required_when: conditions,
      message: text,
    },
  },
} as const;
