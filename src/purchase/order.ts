import { leavesOf } from '../domain/leaves.ts';
import type { Nested } from '../domain/policy.ts';
import type { FieldError, Integration } from '../product/product.ts';
import { contentOf } from './content.ts';
import { type Purchase, type PurchaseRequest, purchase } from './purchase.ts';

/** A purchase as the store keeps it: the same content for a row of a file and for a call with the same data. */
export type Order = Purchase & {
  readonly shape: {
    readonly integration_id: string;
    readonly product_id: string;
    readonly product_version: number;
    readonly paths: readonly string[];
  };
  readonly values: string; // JSON array of the leaves, in the order of the paths
  readonly hash: string;
};

export type OrderResult =
  | { readonly ok: true; readonly value: Order }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

/** Data as `read-json.ts` and `read-metadata.ts` give it → what is bought with it, or all that is wrong. */
export function order(request: PurchaseRequest & { readonly metadata?: Nested }): OrderResult {
  const bought = purchase(request);
  if (!bought.ok) return bought;
  const { integration, quoteData, policy, metadata = {} } = request;
  return { ok: true, value: { ...bought.value, ...contentAt(integration, { quoteData, policy, metadata }) } };
}

/** The content of data in the shape that the store knows it by. */
export function contentAt(
  { id: integration_id, product_id, product_version }: Integration,
  { quoteData, policy, metadata }: { quoteData: Nested; policy: Nested; metadata: Nested },
): Pick<Order, 'shape' | 'values' | 'hash'> {
  const quote = leavesOf(quoteData, 'quote.data');
  const leaves = [...leavesOf(metadata, 'metadata'), ...leavesOf(policy, 'policy'), ...quote]; // sorted, as each is
  const paths = leaves.map(([path]) => path);
  const content = contentOf(
    integration_id,
    paths,
    leaves.map(([, leaf]) => leaf),
  );
  return { shape: { integration_id, product_id, product_version, paths }, ...content };
}
