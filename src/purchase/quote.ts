import type { Premium } from '../domain/money.ts';
import type { Nested } from '../domain/policy.ts';
import type { FieldError, Integration } from '../product/product.ts';

type Quoted =
  | { readonly ok: true; readonly value: Premium }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** The price for quote data, or all that is wrong with it. */
export function quote(integration: Integration, data: Nested): Quoted {
  const errors = integration.checkQuote(data);
  if (errors.length > 0) return { ok: false, errors };
  const rated = integration.rate(data);
  return rated.ok ? rated : { ok: false, errors: [rated.error] };
}
