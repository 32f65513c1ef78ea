import type { Account } from '../domain/account.ts';
import { catalogueOf } from '../product/compile.ts';
import type { Catalogue } from '../product/product.ts';
import type { ProductStore } from '../store/product-store.ts';

/** The products on sale, as a function that compiles them again only when one was published since. */
export function catalogueFrom(store: Pick<ProductStore, 'products'>): () => Promise<Catalogue> {
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

/** What an account may sell. Throws when that is nothing, as no file of the partner's can change it. */
export function catalogueFor(account: Account, catalogue: Catalogue): Catalogue {
  const { integrations } = account;
  const allowed = [...catalogue].filter(([id]) => integrations.length === 0 || integrations.includes(id));
  if (allowed.length > 0) return new Map(allowed);
  throw new Error(
    `No product is on sale for the account ${account.name}: publish one or allow it an integration`,
  );
}
