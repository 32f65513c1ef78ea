// quote → offer → policy: the same three steps for a row of a file and for the REST calls.
import type { Premium } from '../domain/money.ts';
import type { Nested } from '../domain/policy.ts';
import type { FieldError, Integration } from '../product/product.ts';

/** What a partner wants to buy; data already has the product's types. */
export type PurchaseRequest = {
  readonly integration: Integration;
  readonly quoteData: Nested;
  readonly policy: Nested; // policyholder fields and `data`
};

/** A policy that may be committed. */
export type Purchase = { readonly premium: Premium; readonly start_day: number; readonly end_day: number };

export type PurchaseResult =
  | { readonly ok: true; readonly value: Purchase }
  | { readonly ok: false; readonly errors: readonly FieldError[] };
