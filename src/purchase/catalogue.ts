import type { Account } from '../domain/account.ts';
import type { Edition } from '../domain/published-product.ts';
import { catalogueOf } from '../product/compile.ts';
import type { Catalogue } from '../product/product.ts';

/** Where published products are kept. */
type Published = { edition(number?: number): Promise<Edition> };

/** The integrations of an edition, ready to sell. */
export type Sold = { readonly edition: number; readonly catalogue: Catalogue };

const KEPT = 8; // editions compiled at a time: the newest, and those with which running imports began

/** What is on sale, or was in an earlier edition, as a function that compiles each edition once while it is in use. */
export function editionsFrom(store: Published): (number?: number) => Promise<Sold> {
  const kept = new Map<number, Sold>();
  return async (number) => {
    const known = number === undefined ? undefined : kept.get(number);
    if (known) return known;
    const { number: edition, products } = await store.edition(number);
    const sold = kept.get(edition) ?? { edition, catalogue: catalogueOf(products) };
    kept.delete(edition);
    kept.set(edition, sold);
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
    return sold;
  };
}

/** The products on sale, as a function that compiles them again only when one was published since. */
export function catalogueFrom(store: Published): () => Promise<Catalogue> {
  const editions = editionsFrom(store);
  return async () => (await editions()).catalogue;
}

/** What an account may sell. */
export function soldBy({ integrations }: Pick<Account, 'integrations'>, catalogue: Catalogue): Catalogue {
  return new Map([...catalogue].filter(([id]) => integrations.length === 0 || integrations.includes(id)));
}

/** What an account may sell. Throws when that is nothing, as no file of the partner's can change it. */
export function catalogueFor(account: Account, catalogue: Catalogue): Catalogue {
  const allowed = soldBy(account, catalogue);
  if (allowed.size > 0) return allowed;
  throw new Error(
    `No product is on sale for the account ${account.name}: publish one or allow it an integration`,
  );
}
