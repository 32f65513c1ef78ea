// What the routes of the partner API are in the OpenAPI document. Bodies are checked by the handlers, which know the product.
import type { FastifyInstance, FastifySchema } from 'fastify';
import { ERROR, EVENT_PAGE, OFFER, PAYMENT, POLICY, QUOTE } from './answers.ts';
import { POLICY_MEDIA, QUOTE_MEDIA } from './media.ts';
import {
  CANCELLATION_REQUEST,
  OFFER_REQUEST,
  PAYMENT_REQUEST,
  QUOTE_REQUEST,
  UPDATE_REQUEST,
} from './requests.ts';

const COMPONENTS = {
  QuoteRequest: QUOTE_REQUEST,
  Quote: QUOTE,
  OfferRequest: OFFER_REQUEST,
  Offer: OFFER,
  PaymentRequest: PAYMENT_REQUEST,
  Payment: PAYMENT,
  Policy: POLICY,
  PolicyOrOffer: { oneOf: [{ $ref: 'Policy#' }, { $ref: 'Offer#' }] },
  UpdateRequest: UPDATE_REQUEST,
  CancellationRequest: CANCELLATION_REQUEST,
  EventPage: EVENT_PAGE,
  Error: ERROR,
} as const;

type Component = keyof typeof COMPONENTS;

const REFUSALS: Readonly<Record<number, string>> = {
  400: 'What was sent is wrong; `errors` says all of it',
  401: 'No valid key',
  403: 'The account may not do this',
  404: 'There is no such policy, for this account and mode',
  406: 'No media type that is asked for',
  409: 'It does not fit what is there: an idempotency key, or the state of the policy',
  412: 'The policy has changed since',
  413: 'The body is too long',
  415: 'The body is no JSON by its media type',
  428: 'If-Match or If-Unmodified-Since is missing',
  429: 'Too many requests, wrong keys or unpaid offers; `Retry-After` says for how many seconds to wait, but not for offers, as nobody knows',
  500: 'Our fault; the log says why',
};
const ALWAYS = [401, 403, 406, 429, 500];
const WITH_BODY = [400, 413, 415];

const header = (description: string) => ({ type: 'string', description });

export const CONDITIONS = {
  'if-match': header('The ETag of the policy as it was seen'),
  'if-unmodified-since': header('Its Last-Modified'),
} as const;
export const IDEMPOTENCY_KEY = {
  'idempotency-key': header(
    'The same key and content again gives what is there: that of a file counts as well',
  ),
} as const;

type Route = {
  readonly id: string;
  readonly summary: string;
  readonly body?: Component;
  readonly answers: Readonly<Record<number, readonly [component: Component, description: string]>>;
  readonly refusals: readonly number[];
  readonly query?: Readonly<Record<string, object>>;
  readonly headers?: Readonly<Record<string, object>>;
  readonly requiresHeaders?: boolean;
};

/** The components that routes refer to, for the whole document. */
export function addComponents(app: FastifyInstance): void {
  for (const [$id, schema] of Object.entries(COMPONENTS)) app.addSchema({ $id, ...schema });
}

/** Schemas of `app` are words only: what they say is checked elsewhere, or held against them by the tests. */
export function schemasAreDocumentation(app: FastifyInstance): void {
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
}

const JSON_MEDIA = 'application/json';
const MEDIA = {
  quotes: [JSON_MEDIA, QUOTE_MEDIA],
  policies: [JSON_MEDIA, POLICY_MEDIA],
  events: [JSON_MEDIA],
} as const;

/** The schema of a route about one of these. */
export function described(about: keyof typeof MEDIA, route: Route): FastifySchema {
  const media = MEDIA[about];
  const { id, summary, body, query, headers, requiresHeaders } = route;
  const refusals = [...ALWAYS, ...(body ? WITH_BODY : []), ...route.refusals];
  const answers = Object.entries(route.answers).map(([status, [component, description]]) => {
    return [status, { description, content: contentOf(component, media) }];
  });
  const errors = refusals.map((status) => {
    return [status, { description: REFUSALS[status], content: contentOf('Error', [JSON_MEDIA]) }];
  });
  const required = requiresHeaders ? Object.keys(headers ?? {}) : [];
  return {
    tags: [about],
    operationId: id,
    summary,
    security: [{ basic: [] }, { bearer: [] }],
    ...(body && { body: { content: contentOf(body, media) } }),
    ...(query && { querystring: { type: 'object', properties: query } }),
    ...(headers && { headers: { type: 'object', required, properties: headers } }),
    response: Object.fromEntries([...answers, ...errors]),
  };
}

function contentOf(component: Component, types: readonly string[]) {
  return Object.fromEntries(types.map((type) => [type, { schema: { $ref: `${component}#` } }]));
}
