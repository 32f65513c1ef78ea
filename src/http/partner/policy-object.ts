import type { Policy } from '../../domain/policy.ts';

/** A policy as partners see it; `publicUrl` begins the links. */
export function policyObject(policy: Policy, publicUrl: string) {
  const { id, policyholder, premium, created_at, metadata } = policy;
  const { product_id, product_version, integration_id, idempotency_key, status } = policy;
  return {
    id,
    livemode: policy.mode === 'live',
    insurer_policy_id: policy.policy_number,
    status,
    ...{ product_id, product_version, integration_id, idempotency_key },
    ...policyholder,
    data: policy.policy_data,
    quote: { data: policy.quote_data },
    gross_payment_amount: premium.gross,
    extra_data: { gross_premium: premium.gross, premium_tax: premium.tax, net_premium: premium.net },
    currency: premium.currency,
    start_date: policy.start_date,
    end_date: policy.end_date,
    policy_created_date: new Date(created_at).toISOString(),
    metadata,
    _links: { _self: { href: `${publicUrl}/policies/${id}` } },
  };
}
