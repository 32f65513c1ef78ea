/** A version of a product as the store keeps it: never changed once it is published. */
export type PublishedProduct = {
  readonly product_id: string;
  readonly version: number;
  readonly definition: string;
};
