import type { Premium } from '../domain/money.ts';
import type { Leaf, Nested } from '../domain/policy.ts';

/** What a CSV column or a JSON member must hold, from the product's JSON Schema. */
export type FieldType = 'string' | 'integer' | 'number' | 'boolean' | 'date';

/** A field as the partner may name it; `*` stands for an element number. */
export type Field = {
  readonly path: string;
  readonly type: FieldType;
  readonly required: boolean;
  readonly title: string;
};

/** A value that the product's JSON Schema refuses; `path` is dotted, as the CSV names it: `quote.data.pem_exclusion`. */
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
  readonly policy_number: string;
  /** The type that a value at `path` is coerced to; undefined when the product has no such field. */
  fieldType(path: string): FieldType | undefined;
  /** Every field as the partner may name it (`*` for an element number), for suggestions, templates and docs. */
  readonly fields: readonly Field[];
  /** Whether a value of the right type at `path` satisfies what the product says of this field alone. */
  allows(path: string): (value: Leaf) => boolean;
  /** All that is wrong with `quote.data`; empty when it is valid. */
  checkQuote(data: Nested): readonly FieldError[];
  /** All that is wrong with the policyholder and `policy.data`; empty when it is valid. */
  checkPolicy(policy: Nested): readonly FieldError[];
  /** The price of valid quote data; refuses what the tariff has no row for. */
  rate(data: Nested): Rated;
  /** First and last day of cover, days since 1970, of valid data. */
  periodOfCover(quoteData: Nested, policy: Nested): { readonly start_day: number; readonly end_day: number };
};

/** The products on sale, by integration id. */
export type Catalogue = ReadonlyMap<string, Integration>;
