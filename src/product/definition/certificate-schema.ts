import { text } from './field-schema.ts';

const MOST_LINES = 60; // of a table, and paragraphs: a certificate is a page or two

/** A text that is the same in every language, or one for each. */
const said = {
  type: ['string', 'object'],
  minLength: 1,
  minProperties: 1,
  description: 'write a text, or one for each language, as in { en: Insured, de: Versichert }',
  additionalProperties: text,
} as const;

export const CERTIFICATE = {
  type: 'object',
  description: 'write the layout of the certificate: title, and perhaps paragraphs, table, footer, colour',
  additionalProperties: false,
  required: ['title'],
  properties: {
    title: said,
    colour: {
      type: 'string',
      pattern: '^#[0-9a-fA-F]{6}$',
      description: 'write a colour in quotes, as in "#14507a"',
    },
    paragraphs: {
      type: 'array',
      items: said,
      maxItems: MOST_LINES,
      description: `write a list of at most ${MOST_LINES} texts`,
    },
    table: {
      type: 'array',
      maxItems: MOST_LINES,
      description: `write a list of at most ${MOST_LINES} lines`,
      items: {
        type: 'object',
        description: 'write a line, as in { label: Insured, value: "{policy.last_name}" }',
        additionalProperties: false,
        required: ['label', 'value'],
        properties: {
          label: said,
          value: said,
          words: {
            type: 'object',
            minProperties: 1,
            description: 'write the words for values, as in { "true": { en: yes, de: ja } }',
            additionalProperties: said,
          },
        },
      },
    },
    closing: {
      type: 'array',
      items: said,
      maxItems: MOST_LINES,
      description: `write a list of at most ${MOST_LINES} texts`,
    },
    footer: said,
  },
} as const;
