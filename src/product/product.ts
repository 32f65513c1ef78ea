import type { Premium } from '../domain/money.ts';
import type { Leaf, Nested } from '../domain/policy.ts';

/** What a CSV column or a JSON member must hold, from the product's JSON Schema. */
export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'date';

/** Forms that a product may allow beside the usual one: `31.12.2026`, `1.234,5`, and `30,00` for 3000 cents. */
export const ACCEPTED = ['german_date', 'decimal_comma', 'amount'] as const;
export type Accepted = (typeof ACCEPTED)[number];

/** How a field's text becomes a value. */
export type FieldRule = { readonly type: FieldType; readonly accepts: readonly Accepted[] };

/** A field as the partner may name it; `*` stands for an element number. */
export type Field = FieldRule & {
  readonly path: string;
  readonly required: boolean;
  readonly title: string;
  readonly description: string | undefined;
  /** All that it may hold; undefined when that cannot be listed. */
  readonly values: readonly Leaf[] | undefined;
  readonly example: Leaf | undefined;
};

/** A value that the product's JSON Schema refuses; `path` is dotted, as the CSV names it: `policy.email`. */
export type FieldError = {
  readonly code: string;
  readonly path: string;
  readonly value: unknown;
  readonly message: string;
};

/** A price, or why the tariff has none. */
export type Rated =
  | { readonly ok: true; readonly value: Premium }
  | { readonly ok: false; readonly error: FieldError };

/**
 * One product module as one distributor may sell it, compiled from a product definition: pure functions over
 * plain data. Paths are dotted and begin with `quote.data.` or `policy.`.
 */
export type Integration = {
  readonly id: string;
  readonly item_id: string;
  readonly subscription_plan_id: string;
  readonly module: string;
  readonly product_id: string;
  readonly product_version: number;
  readonly currency: string;
  readonly tax_rate: number; // share of the net premium
  readonly policy_number: string;
  /** How a text at `path` becomes a value; undefined when the product has no such field. */
  fieldRule(path: string): FieldRule | undefined;
  /** Every field as the partner may name it (`*` for an element number), for suggestions, templates and docs. */
  readonly fields: readonly Field[];
  /** Whether a value of the right type at `path` satisfies what the product says of this field alone. */
  allows(path: string): (value: Leaf) => boolean;
  /** All that is wrong with `quote.data` by itself; empty when it is valid. */
  checkQuote(data: Nested): readonly FieldError[];
  /** All that is wrong with the policyholder and `policy.data` by themselves; empty when they are valid. */
  checkPolicy(policy: Nested): readonly FieldError[];
  /** What of a policy does not go with its quote's data; to be asked beside `checkPolicy`, also about data that is not valid. */
  checkTogether(quoteData: Nested, policy: Nested): readonly FieldError[];
  /** Every rule between fields that data breaks, whose fields are each known to be valid. */
  brokenRules(quoteData: Nested, policy: Nested): readonly FieldError[];
  /** The price of valid quote data; refuses what the tariff has no row for. */
  rate(data: Nested): Rated;
  /** First and last day of cover, days since 1970, of valid data. */
  periodOfCover(quoteData: Nested, policy: Nested): { readonly start_day: number; readonly end_day: number };
};

/** The products on sale, by integration id. */
export type Catalogue = ReadonlyMap<string, Integration>;
