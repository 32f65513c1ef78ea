import { readdir, readFile } from 'node:fs/promises';
import { readProduct } from '../product/read-product.ts';
import type { ProductStore } from '../store/product-store.ts';

const SHIPPED = new URL('../../products/', import.meta.url);

/** The products that come with the software are on sale from the first start on; what an operator publishes later stays. */
export async function publishShippedProducts(store: ProductStore, clock: () => number): Promise<void> {
  const onSale = new Set((await store.products()).map((product) => product.product_id));
  for (const name of (await readdir(SHIPPED)).sort()) {
    const definition = await readFile(new URL(name, SHIPPED), 'utf8');
    const product = readProduct(definition, name);
    if (!product.ok) throw new Error(product.message);
    const { id: product_id, currency, policy_number } = product.value;
    if (onSale.has(product_id)) continue;
    await store.publishProduct({ product_id, definition, currency, policy_number, now: clock() });
  }
}
