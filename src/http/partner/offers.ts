import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Offered } from '../../domain/offer.ts';
import { type Order, order } from '../../purchase/order.ts';
import { readJson } from '../../purchase/read-json.ts';
import { readMetadata } from '../../purchase/read-metadata.ts';
import type { VersionOf } from '../../purchase/versions.ts';
import type { Caller } from '../authentication/api-key.ts';
import { compileBodyCheck, fieldErrors, membersOf, withoutRepeats } from './body-errors.ts';
import { callerOf } from './caller.ts';
import type { PartnerDeps } from './deps.ts';
import { described, IDEMPOTENCY_KEY } from './described.ts';
import { idempotencyKeyIn } from './idempotency-key.ts';
import { boughtObject, offerObject } from './offer-object.ts';
import { openQuote, type Quoted } from './quote-token.ts';
import { type BodyError, refuse, refuseBody, refuseHeader } from './refuse.ts';
import { OFFER_REQUEST } from './requests.ts';

type Ordered =
  | { readonly ok: true; readonly value: Order }
  | { readonly ok: false; readonly errors: readonly BodyError[] };

const OWN = ['quote_token', 'metadata']; // of the body, not of the product
const checkRequest = compileBodyCheck(OFFER_REQUEST);

/** `POST /policies`: a policy as it will be when it is paid. */
export function offerRoute(app: FastifyInstance, deps: PartnerDeps, versionOf: VersionOf): void {
  const { store, tokenKey, validity, openOffers: most, clock } = deps;

  const schema = described('policies', {
    id: 'createOffer',
    summary: 'An unpaid policy from a quote',
    body: 'OfferRequest',
    headers: IDEMPOTENCY_KEY,
    answers: {
      200: ['Offer', 'What the Idempotency-Key has already'],
      201: ['Offer', 'The offer'],
    },
    refusals: [409],
  });
  app.post('/policies', { schema }, async (request, reply) => {
    const caller = callerOf(request);
    const key = idempotencyKeyIn(request.headers['idempotency-key']);
    if (!key.ok) return refuseHeader(reply, 400, 'Idempotency-Key', key);
    const ordered = await orderIn(request.body, caller);
    if (!ordered.ok) return refuseBody(reply, ordered.errors);
    const { account, mode } = caller;
    const now = clock();
    const offered = await store.offerPolicy({
      ...ordered.value,
      owner: { account: account.id, mode },
      key: key.value,
      expires_at: now + validity.offer,
      most,
      now,
    });
    if (offered.ok) return answer(reply, caller, offered.value, deps);
    return offered.code === 'too_many_offers'
      ? refuse(reply, 429, offered.message)
      : refuseHeader(reply, 409, 'Idempotency-Key', offered);
  });

  async function orderIn(body: unknown, caller: Caller): Promise<Ordered> {
    const wrong = checkRequest(body);
    const { quote_token } = membersOf(body);
    if (typeof quote_token !== 'string') return { ok: false, errors: wrong };
    const quoted = openQuote(tokenKey, caller, quote_token, clock());
    if (quoted.ok) return orderOf(body, quoted.value, wrong);
    const { code, message } = quoted;
    return { ok: false, errors: withoutRepeats([{ code, field: 'quote_token', message }], wrong) };
  }

  async function orderOf(body: unknown, quoted: Quoted, wrong: readonly BodyError[]): Promise<Ordered> {
    const integration = await versionOf(quoted);
    const { quote_token: _, metadata: own = {}, ...members } = membersOf(body);
    const policy = readJson(integration, members, 'policy');
    const metadata = readMetadata(own);
    const ordered = order({
      integration,
      quoteData: quoted.data,
      policy: policy.data,
      metadata: metadata.data,
    });
    const read = fieldErrors([...policy.errors, ...metadata.errors], integration, OWN);
    const refused = withoutRepeats(read, ordered.ok ? [] : fieldErrors(ordered.errors, integration, OWN));
    const errors = withoutRepeats(refused, wrong);
    return ordered.ok && errors.length === 0 ? ordered : { ok: false, errors };
  }
}

/** 201 when it is new, else what is there. */
function answer(reply: FastifyReply, caller: Caller, offered: Offered, deps: PartnerDeps) {
  const { id } = offered.kind === 'offer' ? offered.offer : offered.policy;
  const isNew = offered.kind === 'offer' && !offered.repeated;
  reply.code(isNew ? 201 : 200).header('location', deps.links().policy(id));
  return offered.kind === 'offer'
    ? offerObject(offered.offer, caller, deps)
    : boughtObject(offered.policy, caller, deps);
}
