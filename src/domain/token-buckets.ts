import { Sources } from './source.ts';

const SECOND = 1_000; // ms

type Bucket = { readonly tokens: number; readonly at: number };

type Rate = {
  /** Tokens of a full bucket, as every one is at first. */
  readonly burst: number;
  readonly perSecond: number;
  /** ms */
  readonly clock: () => number;
};

/** A token bucket for each name. What finds none takes none, so that a client which waits gets one. */
export class TokenBuckets {
  readonly #buckets = new Sources<Bucket>();
  readonly #rate: Rate;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  /** Seconds until there is a token; 0 when there is one. */
  wait(name: string): number {
    const missing = 1 - this.#tokens(name);
    return missing <= 0 ? 0 : Math.ceil(missing / this.#rate.perSecond);
  }

  /** False when there is none. */
  take(name: string): boolean {
    const tokens = this.#tokens(name) - 1;
    if (tokens < 0) return false;
    this.#buckets.set(name, { tokens, at: this.#rate.clock() });
    return true;
  }

  #tokens(name: string): number {
    const { burst, perSecond, clock } = this.#rate;
    const bucket = this.#buckets.get(name);
    if (!bucket) return burst;
    return Math.min(burst, bucket.tokens + (Math.max(0, clock() - bucket.at) / SECOND) * perSecond);
  }
}
