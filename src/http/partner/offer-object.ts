import type { PolicyId } from '../../domain/ids.ts';
import type { Offer } from '../../domain/offer.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Caller } from '../authentication/api-key.ts';
import type { PartnerDeps } from './deps.ts';
import { paymentToken } from './payment-token.ts';

type Deps = Pick<PartnerDeps, 'tokenKey' | 'links'>;

/** An offer as partners see it, until it is paid. */
export function offerObject({ id, policy_number, expires_at }: Offer, caller: Caller, deps: Deps) {
  return {
    ...head(id, policy_number, caller, deps),
    status: 'offered',
    expires_at: new Date(expires_at).toISOString(),
  };
}

/** The same of what was bought already: its token pays nothing more, and does no harm. */
export function boughtObject({ id, policy_number, status }: Policy, caller: Caller, deps: Deps) {
  return { ...head(id, policy_number, caller, deps), status };
}

function head(id: PolicyId, number: string, caller: Caller, { tokenKey, links }: Deps) {
  return {
    id,
    livemode: caller.mode === 'live',
    insurer_policy_id: number,
    payment_token: paymentToken(tokenKey, caller, id),
    _links: { _self: { href: links().policy(id) } },
  };
}
