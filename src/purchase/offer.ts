import type { Nested } from '../domain/policy.ts';
import type { FieldError, Integration } from '../product/product.ts';

type Offered =
  | { readonly ok: true; readonly value: Nested }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** The policyholder and policy data of an unpaid policy, or all that is wrong with them. */
export function offer(integration: Integration, policy: Nested): Offered {
  const whole = policy['data'] === undefined ? { ...policy, data: {} } : policy; // so that each field in it is named
  const errors = integration.checkPolicy(whole);
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value: whole };
}
