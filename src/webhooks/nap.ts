/** A pause that somebody else can end. */
export type Nap = {
  /** Until `wake` is called, or `ms` have passed. */
  rest(ms: number): Promise<void>;
  wake(): void;
};

/** One pause at a time. */
export function createNap(): Nap {
  let wake = () => {};
  return {
    rest: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => wake(),
  };
}
