import type { Account } from '../domain/account.ts';
import type { PublishedProduct } from '../domain/published-product.ts';
import { catalogueOf } from '../product/compile.ts';
import type { Catalogue } from '../product/product.ts';

/** Where published products are kept. */
type Published = { products(): Promise<readonly PublishedProduct[]> };

/** The products on sale, as a function that compiles them again only when one was published since. */
export function catalogueFrom(store: Published): () => Promise<Catalogue> {
  let versions = '';
  let catalogue: Catalogue = new Map();
  return async () => {
    const published = await store.products();
    const now = JSON.stringify(published.map(({ product_id, version }) => [product_id, version]));
    if (now !== versions) {
      catalogue = catalogueOf(published);
      versions = now;
    }
    return catalogue;
  };
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
