import { sourceOf } from '../../domain/source.ts';
import { TokenBuckets } from '../../domain/token-buckets.ts';

/** How many more times each source may fail to authenticate. */
export type Failures = {
  /** Seconds until an attempt from this address is looked at again; 0 when it is at once. */
  wait(address: string): number;
  count(address: string): void;
};

/** `perMinute` failures of each source at once, and as many more a minute. `clock` in ms. */
export function createFailures(perMinute: number, clock: () => number): Failures {
  const buckets = new TokenBuckets({ burst: perMinute, perSecond: perMinute / 60, clock });
  return {
    wait: (address) => buckets.wait(sourceOf(address)),
    count: (address) => void buckets.take(sourceOf(address)),
  };
}
