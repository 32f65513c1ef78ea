import type { FastifyInstance } from 'fastify';
import { apiKeyIn } from '../../domain/api-key.ts';
import type { Premium } from '../../domain/money.ts';
import type { Nested } from '../../domain/policy.ts';
import type { Integration } from '../../product/product.ts';
import { catalogueFrom, soldBy } from '../../purchase/catalogue.ts';
import { quote } from '../../purchase/quote.ts';
import { readJson } from '../../purchase/read-json.ts';
import type { Caller } from '../authentication/api-key.ts';
import { compileBodyCheck, fieldErrors, type Members, membersOf, withoutRepeats } from './body-errors.ts';
import { authenticateByHeaderOrBody, callerOf } from './caller.ts';
import type { PartnerDeps } from './deps.ts';
import { described } from './described.ts';
import { QUOTE_MEDIA, speakMedia } from './media.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { extraData } from './policy-object.ts';
import { type Quoted, sealQuote } from './quote-token.ts';
import { type BodyError, refuseBody } from './refuse.ts';
import { QUOTE_REQUEST } from './requests.ts';

type Asked =
  | { readonly ok: true; readonly integration: Integration; readonly data: Nested; readonly premium: Premium }
  | { readonly ok: false; readonly errors: readonly BodyError[] };

const checkRequest = compileBodyCheck(QUOTE_REQUEST);

/** `POST /quotes`: a price, and a token with which it can be bought. */
export async function quoteRoutes(app: FastifyInstance, deps: PartnerDeps): Promise<void> {
  const { authenticate, tokenKey, validity, clock } = deps;
  const onSale = catalogueFrom(deps.store);
  authenticateByHeaderOrBody(app, authenticate);
  speakMedia(app, QUOTE_MEDIA);

  refuseOtherMethods(app, '/quotes', ['POST']);
  const schema = described('quotes', {
    id: 'createQuote',
    summary: 'A price, and a token with which it can be bought',
    body: 'QuoteRequest',
    answers: { 200: ['Quote', 'The price; nothing is kept'] },
    refusals: [],
  });
  app.post('/quotes', { schema }, async (request, reply) => {
    const caller = callerOf(request);
    const { integration_id } = membersOf(request.body);
    const integration = soldBy(caller.account, await onSale()).get(String(integration_id));
    const asked = ask(request.body, caller, integration);
    if (!asked.ok) return refuseBody(reply, asked.errors);
    const expires_at = clock() + validity.quote;
    return {
      token: sealQuote(tokenKey, caller, quotedOf(asked, expires_at)),
      livemode: caller.mode === 'live',
      gross_payment_amount: asked.premium.gross,
      currency: asked.integration.currency,
      extra_data: extraData(asked.premium, asked.integration),
      expires_at: new Date(expires_at).toISOString(),
    };
  });
}

function ask(body: unknown, caller: Caller, integration: Integration | undefined): Asked {
  const wrong = checkRequest(body);
  const members = membersOf(body);
  const mine = [...wrong, ...keyErrors(members, caller)];
  if (!integration) return { ok: false, errors: withoutRepeats(mine, [unknownIntegration(members)]) };
  mine.push(...otherIds(members, integration));
  const { data, errors } = readJson(integration, members['data'] ?? {}, 'quote.data');
  const quoted = quote(integration, data);
  const refused = withoutRepeats(
    fieldErrors(errors, integration),
    quoted.ok ? [] : fieldErrors(quoted.errors, integration),
  );
  const all = mine.some(({ field }) => field === 'data') ? mine : withoutRepeats(mine, refused);
  if (!quoted.ok || all.length > 0) return { ok: false, errors: all };
  return { ok: true, integration, data, premium: quoted.value };
}

function quotedOf({ integration, data }: Extract<Asked, { ok: true }>, expires_at: number): Quoted {
  const { id: integration_id, product_id, product_version } = integration;
  return { integration_id, product_id, product_version, data, expires_at };
}

/** The key in the body must be that of the header; it is not repeated, as it is a secret. */
function keyErrors({ key }: Members, caller: Caller): BodyError[] {
  if (key === undefined || (typeof key === 'string' && apiKeyIn(key)?.name === caller.key)) return [];
  const message = 'key: it is not the one in the `Authorization` header: send that one, or none here';
  return [{ code: 'invalid_value', field: 'key', message }];
}

function unknownIntegration({ integration_id }: Members): BodyError {
  const message = `integration_id: "${String(integration_id).slice(0, 50)}" is no integration of this account`;
  return { code: 'unknown_integration', field: 'integration_id', message };
}

/** The other two ids say the same again, and may not say something else. */
function otherIds(members: Members, integration: Integration): BodyError[] {
  return (['subscription_plan_id', 'item_id'] as const)
    .filter((field) => typeof members[field] === 'string' && members[field] !== integration[field])
    .map((field) => {
      const message = `${field}: that of ${integration.id} is ${integration[field]}`;
      return { code: 'invalid_value', field, value: members[field], message };
    });
}
