// How many connections there may be, and how fast they may come: decided before the key exchange, which costs the
// server more than the client (DHEat, CVE-2002-20001). How many there are in all is the listening socket's own limit.
import { ok, type Result, refused } from '../../domain/refusal.ts';
import { sourceOf } from '../../domain/source.ts';
import { TokenBuckets } from '../../domain/token-buckets.ts';
import type { Limits } from '../limits.ts';

const BURST = 5; // seconds' worth of connections at once: a client may open a dozen, and its retry another dozen

/** What an admitted connection holds until it leaves. */
export type Place = {
  loggedIn(): void;
  leave(): void;
};

export type Admission = {
  /** `address` is plain; a refusal says which setting it met. */
  enter(address: string): Result<Place, 'too_many' | 'too_fast'>;
};

/** Counts per source; `clock` in ms. */
export function createAdmission(limits: Limits, clock: () => number): Admission {
  const connections = new Count();
  const startups = new Count();
  const { connection_rate } = limits;
  const rate = new TokenBuckets({ burst: connection_rate * BURST, perSecond: connection_rate, clock });

  return {
    enter(address) {
      const source = sourceOf(address);
      if (!rate.take(source))
        return refused(
          'too_fast',
          `more than ${connection_rate} connections a second (sftp.connection_rate)`,
        );
      if (connections.of(source) >= limits.connections_per_source)
        return refused(
          'too_many',
          `${limits.connections_per_source} connections are open (sftp.connections_per_source)`,
        );
      if (startups.of(source) >= limits.startups_per_source)
        return refused(
          'too_many',
          `${limits.startups_per_source} connections are not logged in (sftp.startups_per_source)`,
        );
      if (startups.all >= limits.startups)
        return refused(
          'too_many',
          `${limits.startups} connections of all sources are not logged in (sftp.startups)`,
        );
      return ok(place(source));
    },
  };

  function place(source: string): Place {
    connections.add(source);
    startups.add(source);
    const loggedIn = once(() => startups.remove(source));
    const gone = once(() => connections.remove(source));
    return {
      loggedIn,
      leave() {
        loggedIn();
        gone();
      },
    };
  }
}

/** How many there are of each source: it holds no more sources than there are connections. */
class Count {
  readonly #bySource = new Map<string, number>();
  #all = 0;

  get all(): number {
    return this.#all;
  }

  of(source: string): number {
    return this.#bySource.get(source) ?? 0;
  }

  add(source: string): void {
    this.#all++;
    this.#bySource.set(source, this.of(source) + 1);
  }

  remove(source: string): void {
    this.#all--;
    if (this.of(source) === 1) this.#bySource.delete(source);
    else this.#bySource.set(source, this.of(source) - 1);
  }
}

function once(work: () => void): () => void {
  let done = false;
  return () => {
    if (!done) work();
    done = true;
  };
}
