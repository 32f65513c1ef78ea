import type { ImportId, PolicyId } from './ids.ts';
import type { Mode } from './mode.ts';
import type { Premium } from './money.ts';

/** A leaf of a quote or policy after coercion. */
export type Leaf = string | number | boolean;

/** What one purchase consists of, nested as the product's JSON Schema describes it. */
export type Nested = { [field: string]: Leaf | Nested };

/** An unpaid offer is no policy, so there is no status for it. */
export const POLICY_STATUSES = ['active', 'cancelled'] as const;
export type PolicyStatus = (typeof POLICY_STATUSES)[number];

/** Why and when a policy was cancelled; without `termination_date`, its last day of cover, the cover ended at once. */
export type Cancellation = {
  readonly reason: string;
  readonly termination_date: string | undefined;
  readonly at: number;
};

/** Who bought, and what else the product asks of them; what it does not ask for is empty. */
export type Policyholder = Readonly<Nested> & {
  readonly first_name: string;
  readonly last_name: string;
  readonly email: string;
  readonly language: string;
};

/**
 * A contract in force, as the CLI, REST and the webhooks show it. Dates are `YYYY-MM-DD`. `revision` counts its states from 1;
 * `updated_at` is the instant of the last one.
 */
export type Policy = {
  readonly id: PolicyId;
  readonly policy_number: string;
  readonly account: string;
  readonly mode: Mode;
  readonly integration_id: string;
  readonly product_id: string;
  readonly product_version: number;
  readonly idempotency_key: string;
  readonly import_id: ImportId | undefined;
  readonly row: number | undefined;
  readonly status: PolicyStatus;
  readonly cancellation: Cancellation | undefined;
  readonly policyholder: Policyholder;
  readonly premium: Premium & { readonly currency: string };
  readonly start_date: string;
  readonly end_date: string;
  readonly quote_data: Nested;
  readonly policy_data: Nested;
  readonly metadata: Nested;
  readonly revision: number;
  readonly created_at: number;
  readonly updated_at: number;
};
