// quote → offer → policy: the same three steps for a row of a file and for the REST calls.
import type { Premium } from '../domain/money.ts';
import type { Nested } from '../domain/policy.ts';
import type { FieldError, Integration } from '../product/product.ts';
import { offer } from './offer.ts';
import { quote } from './quote.ts';

/** What a partner wants to buy; data already has the product's types. */
export type PurchaseRequest = {
  readonly integration: Integration;
  readonly quoteData: Nested;
  readonly policy: Nested; // policyholder fields and `data`
};

/** A policy that may be committed; days since 1970. */
export type Purchase = { readonly premium: Premium; readonly start_day: number; readonly end_day: number };

export type PurchaseResult =
  | { readonly ok: true; readonly value: Purchase }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Quotes and offers at once; all that is wrong with either is reported together. */
export function purchase({ integration, quoteData, policy }: PurchaseRequest): PurchaseResult {
  const quoted = quote(integration, quoteData);
  const offered = offer(integration, policy);
  const apart = integration.checkTogether(quoteData, policy);
  if (!quoted.ok || !offered.ok || apart.length > 0) {
    return {
      ok: false,
      errors: [...(quoted.ok ? [] : quoted.errors), ...(offered.ok ? [] : offered.errors), ...apart],
    };
  }
  return {
    ok: true,
    value: { premium: quoted.value, ...integration.periodOfCover(quoteData, offered.value) },
  };
}

/** Like `purchase`, and faster, of data whose every field is known to be valid: only rules between fields, or the price, can refuse it. */
export function purchaseOfValid(request: PurchaseRequest): PurchaseResult {
  const { integration, quoteData, policy } = request;
  if (integration.brokenRules(quoteData, policy).length > 0) return purchase(request);
  const rated = integration.rate(quoteData);
  if (!rated.ok) return { ok: false, errors: [rated.error] };
  return { ok: true, value: { premium: rated.value, ...integration.periodOfCover(quoteData, policy) } };
}
