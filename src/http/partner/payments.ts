import type { FastifyInstance } from 'fastify';
import type { PolicyId } from '../../domain/ids.ts';
import type { Links } from '../../domain/links.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Caller } from '../authentication/api-key.ts';
import { compileBodyCheck, type Members, membersOf } from './body-errors.ts';
import { agentOf, authenticateByHeader, callerOf } from './caller.ts';
import type { PartnerDeps } from './deps.ts';
import { described } from './described.ts';
import { POLICY_MEDIA, speakMedia } from './media.ts';
import { refuseOtherMethods } from './other-methods.ts';
import { isPaymentToken } from './payment-token.ts';
import { type BodyError, refuse, refuseBody } from './refuse.ts';
import { PAYMENT_REQUEST } from './requests.ts';

const STATUS = { absent: 404, offer_expired: 409, idempotency_conflict: 409 } as const;

const checkRequest = compileBodyCheck(PAYMENT_REQUEST);

/** `POST /payments`: an offer becomes a policy, before the answer comes. Paying again is answered as the first time. */
export async function paymentRoutes(app: FastifyInstance, deps: PartnerDeps): Promise<void> {
  const { store, authenticate, tokenKey, clock, links } = deps;
  authenticateByHeader(app, authenticate);
  speakMedia(app, POLICY_MEDIA);

  refuseOtherMethods(app, '/payments', ['POST']);
  const schema = described('policies', {
    id: 'createPayment',
    summary: 'An offer becomes a policy',
    body: 'PaymentRequest',
    answers: { 200: ['Payment', 'The policy is in force; paying again is answered in the same way'] },
    refusals: [404, 409],
  });
  app.post('/payments', { schema }, async (request, reply) => {
    const caller = callerOf(request);
    const body = membersOf(request.body);
    const errors = [...checkRequest(request.body), ...tokenErrors(body, caller, tokenKey)];
    if (errors.length > 0) return refuseBody(reply, errors);
    const owner = { account: caller.account.id, mode: caller.mode };
    const id = body['policy_id'] as PolicyId;
    const paid = await store.payOffer({ owner, id, actor: agentOf(caller), now: clock() });
    if (!paid.ok) return refuse(reply, STATUS[paid.code], paid.message);
    return paymentObject(paid.value.policy, links());
  });
}

function tokenErrors({ token, policy_id }: Members, caller: Caller, key: Uint8Array): BodyError[] {
  if (typeof token !== 'string' || typeof policy_id !== 'string') return [];
  if (isPaymentToken(token, key, caller, policy_id)) return [];
  const message = 'token: this is not the payment token of that policy: send both as the offer was answered';
  return [{ code: 'invalid_payment_token', field: 'token', message }];
}

/** The policy is named again, as a key that was meanwhile used in a file has its policy from there. */
function paymentObject({ id, mode, policy_number }: Policy, links: Links) {
  return {
    livemode: mode === 'live',
    status: 'paid',
    policy_id: id,
    insurer_policy_id: policy_number,
    _links: { policy: { href: links.policy(id) } },
  };
}
