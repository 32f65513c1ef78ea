// The bodies that the partner API answers with, for the OpenAPI document; the tests hold real answers against them.
import { EVENT_TYPES } from '../../domain/event.ts';

type AnySchema = { readonly [keyword: string]: unknown };

const text = (description: string, example: string): AnySchema => ({
  type: 'string',
  description,
  examples: [example],
});
const cents = (description: string, example: number): AnySchema => ({
  type: 'integer',
  description: `${description}, in minor units`,
  examples: [example],
});
const instant = (description: string): AnySchema => ({ type: 'string', format: 'date-time', description });
const date = (description: string): AnySchema => ({ type: 'string', format: 'date', description });
const fields = (description: string): AnySchema => ({
  type: 'object',
  additionalProperties: true,
  description,
});
const orNull = ({ type, ...schema }: AnySchema): AnySchema => ({ type: [type, 'null'], ...schema });

/** An object of which every member is always there, unless it is optional. */
function object(
  properties: Readonly<Record<string, AnySchema>>,
  optional: readonly string[] = [],
): AnySchema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

const ID = text(
  '33 characters; `tpol_` is a test policy, `lpol_` a live one',
  'tpol_01a2083115ac4ac705563c378a7a',
);
const NUMBER = text("The insurer's number; that of a test policy begins `TEST-`", 'TEST-TR-000000001');
const LIVE = { type: 'boolean', description: 'Whether it is live or test' };
const CURRENCY = text('ISO 4217', 'EUR');
const LINK = object({ href: { type: 'string', format: 'uri' } });

const ASSET = object({
  designation: text('What it is; `policy_document` is the certificate', 'policy_document'),
  name: text('To show', 'TEST-TR-000000001'),
  extension: text('Of a file of it', 'pdf'),
  href: { type: 'string', format: 'uri', description: 'Leads there without a key, until it expires' },
});

const EXTRA_DATA = object({
  gross_premium: cents('net and tax', 1234),
  premium_tax: cents('Tax', 197),
  net_premium: cents('Without tax', 1037),
  tax_rate: { type: 'number', description: 'Share of the net premium', examples: [0.19] },
});

export const QUOTE = object({
  token: text('Buys this quote: `quote_token` of POST /policies', 'qt_…'),
  livemode: LIVE,
  gross_payment_amount: cents('What is to be paid', 1234),
  currency: CURRENCY,
  extra_data: EXTRA_DATA,
  expires_at: instant('Until when the token can be used'),
});

export const OFFER = object(
  {
    id: ID,
    livemode: LIVE,
    insurer_policy_id: NUMBER,
    status: {
      type: 'string',
      enum: ['offered', 'active', 'cancelled'],
      description: 'Another than `offered` when the Idempotency-Key has its policy already',
    },
    payment_token: text('Pays this offer: `token` of POST /payments', 'pt_…'),
    expires_at: instant('Until when it can be paid; absent when it was'),
    _links: object({ _self: LINK }),
  },
  ['expires_at'],
);

export const PAYMENT = object({
  livemode: LIVE,
  status: { type: 'string', enum: ['paid'], description: 'The policy is in force when this comes' },
  policy_id: ID,
  insurer_policy_id: NUMBER,
  _links: object({ policy: LINK }),
});

export const POLICY = object({
  id: ID,
  livemode: LIVE,
  insurer_policy_id: NUMBER,
  status: { type: 'string', enum: ['active', 'cancelled'] },
  cancellation_reason: orNull(text('Why it was cancelled', 'the event was cancelled')),
  termination_date: orNull(date('Last day of cover of a cancelled policy, where one was given')),
  product_id: text('The product', 'pr_547524daf0e465553dfaf6c66d442'),
  product_version: { type: 'integer', description: 'The version under which it was bought', examples: [1] },
  integration_id: text('What was bought', 'in_41c2f22d51612f04ee2c48eca3dc0'),
  idempotency_key: text('The key of its row or call', 'c93dc6de-08f7-4551-ab0e-ea19e5fccb2c'),
  first_name: text('First name', 'Nick'),
  last_name: text('Last name', 'Malone'),
  email: text('E-mail address', 'nick.malone@example.com'),
  language: text('ISO 639-1', 'en'),
  data: fields('What belongs to the policy, as the product has it'),
  quote: object({ data: fields('What is insured, as the product has it') }),
  gross_payment_amount: cents('What was paid', 1234),
  currency: CURRENCY,
  extra_data: EXTRA_DATA,
  start_date: date('First day of cover'),
  end_date: date('Last day of cover'),
  policy_created_date: instant('When it was bought'),
  policy_updated_date: instant('When it was last changed'),
  metadata: fields("The partner's own data"),
  assets: { type: 'array', items: ASSET },
  _links: object({ _self: LINK }),
});

const BODY_ERROR = object(
  {
    code: text('One of docs/errors.md and docs/rest.md', 'invalid_date'),
    field: text('Dotted path in the body, or a header', 'data.policy_start_date'),
    value: { description: 'What stands there, where that helps' },
    message: text('What is wrong and what to do', 'data.policy_start_date: "2022-11-31" is not a date'),
  },
  ['value'],
);

export const ERROR = object(
  {
    status: { type: 'integer', description: 'The HTTP status', examples: [400] },
    message: text('What is wrong and what to do', 'There is no policy tpol_none.'),
    errors: { type: 'array', items: BODY_ERROR, description: 'All that is wrong with the body, at once' },
  },
  ['errors'],
);

const EVENT = object({
  id: text('The `webhook-id` of its webhook', 'evt_019ab0000001f000000000000001'),
  type: { type: 'string', enum: EVENT_TYPES },
  timestamp: instant('When it happened'),
  data: fields('What a webhook sends of it; docs/webhooks.md shows each'),
});

export const EVENT_PAGE = object({
  events: { type: 'array', items: EVENT, description: 'In the order of their commits' },
  after: orNull(text('Where the next page begins', 'evt_019ab0000001f000000000000001')),
  has_more: { type: 'boolean', description: 'Whether to ask again at once' },
});
