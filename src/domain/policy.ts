import type { ImportId, PolicyId } from './ids.ts';
import type { Mode } from './mode.ts';
import type { Premium } from './money.ts';

/** A leaf of a quote or policy after coercion. */
export type Leaf = string | number | boolean;

/** What one purchase consists of, nested as the product's JSON Schema describes it. */
export type Nested = { [field: string]: Leaf | Nested };

/** A contract in force, as the CLI, REST and the webhooks show it. Dates are `YYYY-MM-DD`. */
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
  readonly status: 'active';
  readonly policyholder: {
    readonly first_name: string;
    readonly last_name: string;
    readonly email: string;
    readonly language: string;
  };
  readonly premium: Premium & { readonly currency: string };
  readonly start_date: string;
  readonly end_date: string;
  readonly quote_data: Nested;
  readonly policy_data: Nested;
  readonly metadata: Nested;
  readonly created_at: number;
};
