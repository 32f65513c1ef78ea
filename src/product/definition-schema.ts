const text = { type: 'string', minLength: 1 } as const;
const id = (prefix: string) => ({ type: 'string', pattern: `^${prefix}_[0-9a-z]+$` }) as const;
const schema = { type: 'object' } as const; // Ajv itself checks it when it is compiled

/** What a definition file must look like (JSON Schema 2020-12). */
export const DEFINITION_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: [
    'id',
    'name',
    'insurer',
    'currency',
    'policy_number',
    'premium_tax',
    'period_of_cover',
    'policy',
    'tariff',
    'modules',
  ],
  properties: {
    id: id('pr'),
    name: text,
    insurer: text,
    region: text,
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
    policy_number: { type: 'string', pattern: '^[A-Za-z0-9/-]*\\{number\\}$' },
    premium_tax: { type: 'string', pattern: '^0\\.\\d{1,6}$' },
    period_of_cover: {
      type: 'object',
      additionalProperties: false,
      required: ['start', 'end'],
      properties: { start: text, end: { type: 'array', items: text, minItems: 1 } },
    },
    policy: schema,
    tariff: {
      type: 'object',
      additionalProperties: false,
      required: ['illustrative', 'table'],
      properties: {
        illustrative: { type: 'boolean' },
        note: text,
        table: {
          type: 'array',
          minItems: 1,
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['up_to', 'net'],
            properties: {
              up_to: { type: 'integer', minimum: 0 },
              net: { type: 'integer', minimum: 0 },
              when: { type: 'object', additionalProperties: true },
            },
          },
        },
      },
    },
    modules: {
      type: 'object',
      minProperties: 1,
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        required: ['integration', 'item', 'subscription_plan', 'rated', 'quote'],
        properties: {
          integration: id('in'),
          item: id('ins'),
          subscription_plan: id('pp'),
          rated: { type: 'string', pattern: '^[a-z_]+\\.\\*\\.[a-z_]+$' },
          quote: schema,
        },
      },
    },
  },
} as const;
