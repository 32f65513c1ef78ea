/** A version of a product as the store keeps it: never changed once it is published. */
export type PublishedProduct = {
  readonly product_id: string;
  readonly version: number;
  readonly definition: string;
};

/** What was on sale after so many publishings: the newest versions then. */
export type Edition = { readonly number: number; readonly products: readonly PublishedProduct[] };
