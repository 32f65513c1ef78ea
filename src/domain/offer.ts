import type { PolicyId } from './ids.ts';
import type { Policy } from './policy.ts';

/** A policy that waits for its payment; the id and the number are those that the policy will have. */
export type Offer = {
  readonly id: PolicyId;
  readonly policy_number: string;
  readonly created_at: number;
  readonly expires_at: number; // from then on it cannot be paid, and is removed
};

/** What an offer was answered with: a key that has an open offer or a policy already, with the same content, gives that. */
export type Offered =
  | { readonly kind: 'offer'; readonly offer: Offer; readonly repeated: boolean }
  | { readonly kind: 'policy'; readonly policy: Policy };

/** A payment's policy; `duplicate` when it was bought before: by this payment, or by another door with the same key. */
export type Paid = { readonly outcome: 'created' | 'duplicate'; readonly policy: Policy };
