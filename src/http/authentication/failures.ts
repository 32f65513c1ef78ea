import { Sources, sourceOf } from '../../domain/source.ts';

const MINUTE = 60_000; // ms

type Bucket = { readonly left: number; readonly at: number };

/** How many more times each source may fail to authenticate. */
export type Failures = {
  /** Seconds until an attempt from this address is looked at again; 0 when it is at once. */
  wait(address: string): number;
  count(address: string): void;
};

/** A token bucket for each source: `perMinute` failures at once, and as many more a minute. `clock` in ms. */
export function createFailures(perMinute: number, clock: () => number): Failures {
  const buckets = new Sources<Bucket>();

  function left(source: string): number {
    const { left, at } = buckets.get(source) ?? { left: perMinute, at: clock() };
    return Math.min(perMinute, left + (Math.max(0, clock() - at) / MINUTE) * perMinute);
  }

  return {
    wait: (address) => {
      const missing = 1 - left(sourceOf(address));
      return missing <= 0 ? 0 : Math.ceil((missing * MINUTE) / perMinute / 1000);
    },
    count: (address) => {
      const source = sourceOf(address);
      buckets.set(source, { left: Math.max(0, left(source) - 1), at: clock() });
    },
  };
}
