import type { PublishedProduct } from '../domain/published-product.ts';
import { ok, type Result, refused } from '../domain/refusal.ts';
import { type Definition, parseDefinition } from './definition/definition.ts';

/** Refuses a definition with an integration that another product on sale has: rows that name it would have two prices. */
export function refuseTaken(
  { id, modules }: Definition,
  onSale: readonly PublishedProduct[],
): Result<undefined, 'integration_taken'> {
  for (const { product_id, definition } of onSale.filter((other) => other.product_id !== id)) {
    const other = parseDefinition(definition, product_id);
    if (!other.ok) continue;
    const theirs = Object.values(other.value.modules).map(({ integration }) => integration);
    const own = Object.entries(modules).find(([, { integration }]) => theirs.includes(integration));
    if (!own) continue;
    const [name, { integration }] = own;
    const message = `modules.${name}: ${integration} is sold by ${other.value.name} (${product_id}): write an integration of its own.`;
    return refused('integration_taken', message);
  }
  return ok(undefined);
}
