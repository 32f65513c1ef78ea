// Who gets in: counts and bans by source, and tells the operator of those that it turns away.
import type { Log } from '../../domain/log.ts';
import { sourceOf } from '../../domain/source.ts';
import type { Limits } from '../limits.ts';
import { createAdmission, type Place } from './admission.ts';
import { createBans, type Failure, SCORES } from './bans.ts';
import { refusalNotes } from './refusal-notes.ts';

/** A client that got in, until it leaves. */
export type Visitor = Place & {
  /** Its plain address. */
  readonly address: string;
  /** Counts against its source when it leaves without a login: an agent may offer wrong keys before the right one. */
  failed(failure: Failure): void;
};

export type Gate = {
  /** Undefined when the client must go; the log says why. */
  enter(address: string): Visitor | undefined;
  /** Somebody else has turned a client away. */
  note(address: string, reason: string): void;
};

type Options = { readonly limits: Limits; readonly log: Log; readonly clock: () => number };

export function createGate({ limits, log, clock }: Options): Gate {
  const admission = createAdmission(limits, clock);
  const bans = createBans(limits, clock);
  const note = refusalNotes(log, clock);

  return {
    enter(address) {
      const until = bans.until(address);
      if (until !== undefined) {
        note(address, `banned until ${new Date(until).toISOString()}`);
        return undefined;
      }
      const place = admission.enter(address);
      if (place.ok) return visitor(address, place.value);
      if (note(address, place.message)) count(address, 'flood');
      return undefined;
    },

    note,
  };

  function visitor(address: string, place: Place): Visitor {
    let loggedIn = false;
    let worst: Failure | undefined;
    return {
      address,
      loggedIn() {
        loggedIn = true;
        place.loggedIn();
      },
      failed(failure) {
        if (!worst || SCORES[failure] > SCORES[worst]) worst = failure;
      },
      leave() {
        place.leave();
        if (worst && !loggedIn) count(address, worst);
      },
    };
  }

  function count(address: string, failure: Failure): void {
    const until = bans.failed(address, failure);
    if (until === undefined) return;
    log.warn('banned a source', {
      source: sourceOf(address),
      until: new Date(until).toISOString(),
      last: failure,
    });
  }
}
