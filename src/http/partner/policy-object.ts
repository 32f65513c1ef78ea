import { assetsOf, type Links } from '../../domain/links.ts';
import type { Premium } from '../../domain/money.ts';
import type { Policy } from '../../domain/policy.ts';
import type { Integration } from '../../product/product.ts';

/** A policy as partners see it; `links` are those in it, `integration` is that of the version under which it was bought. */
export function policyObject(policy: Policy, integration: Integration, links: Links) {
  const { id, policyholder, premium, cancellation, metadata } = policy;
  const { product_id, product_version, integration_id, idempotency_key, status } = policy;
  return {
    id,
    livemode: policy.mode === 'live',
    insurer_policy_id: policy.policy_number,
    status,
    cancellation_reason: cancellation?.reason ?? null,
    termination_date: cancellation?.termination_date ?? null,
    ...{ product_id, product_version, integration_id, idempotency_key },
    ...policyholder,
    data: policy.policy_data,
    quote: { data: policy.quote_data },
    gross_payment_amount: premium.gross,
    currency: premium.currency,
    extra_data: extraData(premium, integration),
    start_date: policy.start_date,
    end_date: policy.end_date,
    policy_created_date: new Date(policy.created_at).toISOString(),
    policy_updated_date: new Date(policy.updated_at).toISOString(),
    metadata,
    assets: assetsOf(policy, links),
    _links: { _self: { href: links.policy(id) } },
  };
}

/** A premium in the platform's words. */
export function extraData({ gross, tax, net }: Premium, { tax_rate }: Integration) {
  return { gross_premium: gross, premium_tax: tax, net_premium: net, tax_rate };
}
