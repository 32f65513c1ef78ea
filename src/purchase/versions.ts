import type { PublishedProduct } from '../domain/published-product.ts';
import { catalogueOf } from '../product/compile.ts';
import type { Catalogue, Integration } from '../product/product.ts';

const KEPT = 50; // compiled versions: some 100 KB each, and few are asked for at a time

/** Where every published version of a product is kept. */
type Published = { product(product_id: string, version: number): Promise<PublishedProduct | undefined> };

export type Version = {
  readonly integration_id: string;
  readonly product_id: string;
  readonly product_version: number;
};

/** An integration as it is in one version of its product: that under which something was quoted or bought. */
export type VersionOf = (version: Version) => Promise<Integration>;

/** Versions never change, so each is compiled once, as long as it is among those that were last compiled. Throws for one that there is not. */
export function versionsFrom(store: Published): VersionOf {
  const compiled = new Map<string, Catalogue>();
  return async ({ integration_id, product_id, product_version }) => {
    const name = `${product_id} version ${product_version}`;
    const catalogue = compiled.get(name) ?? (await compile(product_id, product_version));
    compiled.delete(name);
    compiled.set(name, catalogue); // now the last that was asked for
    if (compiled.size > KEPT) compiled.delete([...compiled.keys()][0] ?? '');
    const integration = catalogue.get(integration_id);
    if (!integration) throw new Error(`${name} has no integration ${integration_id}`);
    return integration;
  };

  async function compile(product_id: string, version: number): Promise<Catalogue> {
    const published = await store.product(product_id, version);
    if (!published) throw new Error(`${product_id} has no version ${version}`);
    return catalogueOf([published]);
  }
}
