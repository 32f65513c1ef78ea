// The bodies that the partner API takes: what is documented is what is checked. What a product says of `data` and of the
// policyholder is for the product's own checks, and is not repeated here.
import type { Schema } from '../../product/schema.ts';

const text = (title: string, example: string, maxLength = 200): Schema => ({
  type: 'string',
  minLength: 1,
  maxLength,
  title,
  examples: [example],
});

const DATA = 'whose fields are those of the product: `policydrop product show`, or your insurer, tells them';
const LONGEST_TOKEN = 64 * 1024; // characters: the data of 50 elements takes under 10 000

const POLICYHOLDER = {
  first_name: { type: 'string', title: 'First name', examples: ['Nick'] },
  last_name: { type: 'string', title: 'Last name', examples: ['Malone'] },
  email: { type: 'string', title: 'E-mail address', examples: ['nick.malone@example.com'] },
} as const;

export const QUOTE_REQUEST: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['integration_id', 'data'],
  properties: {
    key: text('The API key again; what authenticates when there is no `Authorization` header', 'sk_test_…'),
    integration_id: text('Which integration is bought', 'in_41c2f22d51612f04ee2c48eca3dc0'),
    subscription_plan_id: text('Its subscription plan, as a check', 'pp_64ea33bae89ec7c6a651c94142211'),
    item_id: text('Its item, as a check', 'ins_b85b40f99ecd5f52defba5a44b06'),
    data: { type: 'object', title: `What is insured, ${DATA}` },
  },
};

/** Which other members a policyholder may have is the product's. */
export const OFFER_REQUEST: Schema = {
  type: 'object',
  required: ['quote_token', 'first_name', 'last_name', 'email', 'language', 'data'],
  properties: {
    quote_token: text('The token that the quote was answered with', 'qt_…', LONGEST_TOKEN),
    ...POLICYHOLDER,
    language: { type: 'string', title: 'Two letters, ISO 639-1', examples: ['en'] },
    data: { type: 'object', title: `What belongs to the policy, ${DATA}` },
    metadata: { type: 'object', title: 'Your own data, kept with the policy: texts, or objects of texts' },
  },
};

export const PAYMENT_REQUEST: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['token', 'policy_id', 'method', 'provider'],
  properties: {
    token: text('The payment token that the offer was answered with', 'pt_…'),
    policy_id: text('The id that the offer was answered with', 'tpol_01a2083115ac4ac705563c378a7a'),
    method: { type: 'string', enum: ['distributor'], title: 'Who takes the payment' },
    provider: { type: 'string', enum: ['distributor'], title: 'Who takes the payment' },
  },
};

export const UPDATE_REQUEST: Schema = {
  type: 'object',
  properties: {
    ...POLICYHOLDER,
    data: { type: 'object', title: 'What of the policy data changes; null removes a field' },
  },
};

export const CANCELLATION_REQUEST: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['status', 'cancellation_reason'],
  properties: {
    status: { type: 'string', enum: ['cancelled'], title: 'The only one that can be put' },
    cancellation_reason: text('Why', 'the event was cancelled', 1000),
    termination_date: {
      type: 'string',
      format: 'date',
      title: 'Last day of cover; without it the cover ends at once',
      examples: ['2026-12-01'],
    },
  },
};
