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
  if (!quoted.ok || !offered.ok) {
    return {
      ok: false,
      errors: [...(quoted.ok ? [] : quoted.errors), ...(offered.ok ? [] : offered.errors)],
    };
  }
  return {
    ok: true,
    value: { premium: quoted.value, ...integration.periodOfCover(quoteData, offered.value) },
  };
}

/** Like `purchase`, of data that is known to satisfy the product's schemas: only its price can be refused. */
export function purchaseOfValid({ integration, quoteData, policy }: PurchaseRequest): PurchaseResult {
  const rated = integration.rate(quoteData);
  if (!rated.ok) return { ok: false, errors: [rated.error] };
  return { ok: true, value: { premium: rated.value, ...integration.periodOfCover(quoteData, policy) } };
}
