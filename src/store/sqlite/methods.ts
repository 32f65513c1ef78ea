/** A store's methods as they stand in its thread: the same, but at once instead of in a promise. */
export type Methods<Store> = {
  [method in keyof Store]: Store[method] extends (...args: infer Args) => Promise<infer Value>
    ? (...args: Args) => Value
    : never;
};
