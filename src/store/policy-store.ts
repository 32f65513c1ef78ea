import type { AccountId, ImportId, PolicyId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';
import type { Premium } from '../domain/money.ts';
import type { Offer, Offered, Paid } from '../domain/offer.ts';
import type { Policy, PolicyStatus } from '../domain/policy.ts';
import type { Agent, ChangeRefused, Expected, PolicyChange, Revision } from '../domain/policy-change.ts';
import type { Result } from '../domain/refusal.ts';
import type { Shape } from './import-store.ts';

/** Whose policies are meant; what others have is absent. */
export type Owner = { readonly account: AccountId; readonly mode: Mode };

/** A purchase (`purchase/order.ts`) that is to become a policy when it is paid, before `expires_at`; `most` offers may be open then. */
export type NewOffer = {
  readonly owner: Owner;
  readonly key: string;
  readonly shape: Shape;
  readonly values: string; // as in a PurchaseRow, and so is the hash
  readonly hash: string;
  readonly premium: Premium;
  readonly start_day: number; // days since 1970
  readonly end_day: number;
  readonly expires_at: number;
  readonly most: number;
  readonly now: number;
};

export type Payment = {
  readonly owner: Owner;
  readonly id: PolicyId;
  readonly actor: Agent;
  readonly now: number;
};

export type PolicyFilter = {
  readonly account?: AccountId;
  readonly mode?: Mode;
  readonly import?: ImportId;
  readonly status?: PolicyStatus;
  readonly created_from?: number; // ms
  readonly created_before?: number;
  readonly before?: PolicyId; // goes on after a page whose `next` this was
  readonly limit: number;
};

/** `next` is where the list goes on. A page may be short, or empty, although there is one: so much was looked at. */
export type PolicyPage = { readonly policies: readonly Policy[]; readonly next: PolicyId | undefined };

/** Where the leaves of some policies stand, how many were looked at, and where the list goes on. */
export type PolicyPaths = {
  readonly paths: readonly string[];
  readonly looked: number;
  readonly next: PolicyId | undefined;
};

export type WantedChange = {
  readonly id: PolicyId;
  readonly expected: Expected;
  readonly change: PolicyChange;
  readonly actor: Agent;
  readonly now: number;
};

export type PolicyStore = {
  /**
   * Keys are those of the files' rows: a key that has a policy, or an open offer, with the same content gives that one, and with other
   * content is a conflict. An offer that has expired is in nobody's way, and counts no more once it is removed.
   */
  offerPolicy(offer: NewOffer): Promise<Result<Offered, 'idempotency_conflict' | 'too_many_offers'>>;
  /**
   * The offer becomes a policy with the same id and number, and its event is written. Paying again changes nothing. When the key got its
   * policy in another way meanwhile, that one is the answer, or a conflict if its content is another.
   */
  payOffer(payment: Payment): Promise<Result<Paid, 'absent' | 'offer_expired' | 'idempotency_conflict'>>;
  /** An offer that can still be paid. */
  offer(owner: Owner, id: PolicyId, now: number): Promise<Offer | undefined>;
  /** Removes some thousand offers that nobody paid in time; gives how many, 0 when there are none left. Their keys are free again, their ids are never used. */
  removeExpiredOffers(now: number): Promise<number>;
  policy(id: PolicyId): Promise<Policy | undefined>;
  /** The newest ids first. */
  policies(filter: PolicyFilter): Promise<PolicyPage>;
  /** The paths of all leaves that the next some thousand policies of such a list may have: what its columns would be. */
  policyPaths(filter: Omit<PolicyFilter, 'limit'>): Promise<PolicyPaths>;
  /** Oldest first, from the purchase on; undefined when there is no such policy. */
  policyHistory(id: PolicyId): Promise<readonly Revision[] | undefined>;
  /**
   * Makes the next revision of a policy, with its event `policy.updated`; what changes nothing makes none. Refused when the policy is not
   * as expected, or when the change makes no sense (`domain/policy-change.ts`).
   */
  changePolicy(wanted: WantedChange): Promise<Result<Policy, 'absent' | ChangeRefused>>;
};
