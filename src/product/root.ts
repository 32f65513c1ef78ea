import type { Nested } from '../domain/policy.ts';

/** A quote's data and a policy's under the names that paths begin with. */
export function rootOf(quoteData: Nested, policy: Nested): Nested {
  return { quote: { data: quoteData }, policy };
}
