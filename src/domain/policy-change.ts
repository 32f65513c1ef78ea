// What may become of a policy after it was bought: active → cancelled → active, and updates while it is active.
import type { ImportId } from './ids.ts';
import { leavesOf } from './leaves.ts';
import type { Leaf, Policy } from './policy.ts';
import { type Refusal, refused } from './refusal.ts';

/** Who acts on policies beside the imports: an API key, by a name that is no secret, or an operator. */
export type Agent = { readonly kind: 'api_key' | 'operator'; readonly name: string };

/** Who made a revision. */
export type Actor = Agent | { readonly kind: 'import'; readonly import_id: ImportId; readonly row: number };

/** One field that differs, named as a CSV column where there is one; null is an absent value. */
export type FieldChange = { readonly field: string; readonly from: Leaf | null; readonly to: Leaf | null };

export const POLICY_ACTIONS = ['created', 'updated', 'cancelled', 'reactivated'] as const;
export type PolicyAction = (typeof POLICY_ACTIONS)[number];

/** One step in a policy's life. */
export type Revision = {
  readonly revision: number;
  readonly action: PolicyAction;
  readonly actor: Actor;
  readonly changes: readonly FieldChange[];
  readonly at: number;
};

/** A change that is wanted. An update brings all leaves of the policy (`purchase/update.ts`); days since 1970. */
export type PolicyChange =
  | {
      readonly action: 'updated';
      readonly paths: readonly string[];
      readonly values: string; // JSON array, as of a purchase
      readonly start_day: number;
      readonly end_day: number;
    }
  | { readonly action: 'cancelled'; readonly reason: string; readonly termination_date?: string }
  | { readonly action: 'reactivated' };

/** The state that a change was decided on. `unmodified_since` is in ms and counts in whole seconds, as HTTP dates do. */
export type Expected = { readonly revision: number; readonly unmodified_since?: number };

export type ChangeRefused = 'stale' | 'policy_cancelled' | 'not_cancelled' | 'invalid_termination_date';

/** Why a change of `policy` makes no sense or was decided on an older state; undefined when it may be made. */
export function changeRefused(
  policy: Policy,
  expected: Expected,
  change: PolicyChange,
): Refusal<ChangeRefused> | undefined {
  if (isStale(policy, expected)) return refused('stale', staleMessage(policy, expected));
  if (change.action === 'reactivated') return policy.status === 'active' ? notCancelled(policy) : undefined;
  if (policy.status === 'cancelled') return cancelled(policy);
  return change.action === 'cancelled' ? badTermination(policy, change.termination_date) : undefined;
}

function isStale({ revision, updated_at }: Policy, expected: Expected): boolean {
  const { unmodified_since } = expected;
  if (revision !== expected.revision) return true;
  return (
    unmodified_since !== undefined && Math.floor(updated_at / 1000) > Math.floor(unmodified_since / 1000)
  );
}

function staleMessage({ id, revision, updated_at }: Policy, expected: Expected): string {
  return `${id} is in revision ${revision}, of ${new Date(updated_at).toISOString()}, and the change was made for revision ${expected.revision}: read the policy again, and decide anew.`;
}

function cancelled({ id }: Policy) {
  return refused('policy_cancelled', `${id} is cancelled: nothing can be changed unless it is reactivated.`);
}

function notCancelled({ id }: Policy) {
  return refused('not_cancelled', `${id} is active: there is nothing to reactivate.`);
}

function badTermination({ id, start_date, end_date }: Policy, date: string | undefined) {
  if (date === undefined || (isDate(date) && date >= start_date && date <= end_date)) return undefined;
  const problem = isDate(date)
    ? `is not within the cover of ${id}, ${start_date} to ${end_date}`
    : 'is no date';
  return refused('invalid_termination_date', `termination_date: "${date}" ${problem}.`);
}

function isDate(text: string): boolean {
  const instant = Date.parse(text);
  return !Number.isNaN(instant) && new Date(instant).toISOString().slice(0, 10) === text;
}

/** What differs between two states of one policy. */
export function changesBetween(before: Policy, after: Policy): FieldChange[] {
  const [old, now] = [changeable(before), changeable(after)];
  const fields = [...new Set([...old.keys(), ...now.keys()])];
  return fields
    .map((field) => ({ field, from: old.get(field) ?? null, to: now.get(field) ?? null }))
    .filter(({ from, to }) => from !== to);
}

function changeable(policy: Policy): Map<string, Leaf> {
  const { policyholder, policy_data, cancellation } = policy;
  const fields = new Map<string, Leaf>([['status', policy.status]]);
  if (cancellation) fields.set('cancellation_reason', cancellation.reason);
  if (cancellation?.termination_date) fields.set('termination_date', cancellation.termination_date);
  for (const [path, leaf] of leavesOf({ ...policyholder, data: policy_data }, 'policy'))
    fields.set(path, leaf);
  return fields.set('start_date', policy.start_date).set('end_date', policy.end_date);
}
