import type { Edition, PublishedProduct } from '../domain/published-product.ts';

export type ProductStore = {
  /** A definition that differs from the newest of its product becomes the next version. */
  publishProduct(product: {
    product_id: string;
    definition: string;
    currency: string;
    policy_number: string; // pattern with `{number}`
    now: number;
  }): Promise<PublishedProduct>;
  /** A version, which policies keep that were bought under it. */
  product(product_id: string, version: number): Promise<PublishedProduct | undefined>;
  /** What is on sale, or was after `number` publishings. */
  edition(number?: number): Promise<Edition>;
  /** The newest version of every product. */
  products(): Promise<PublishedProduct[]>;
};
