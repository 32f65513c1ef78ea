// Who gets in: counts connections by source, and tells the operator of those that it turns away.
import type { Log } from '../../domain/log.ts';
import type { Limits } from '../limits.ts';
import { createAdmission, type Place } from './admission.ts';
import { refusalNotes } from './refusal-notes.ts';

/** A client that got in, until it leaves. */
export type Visitor = Place & {
  /** Its plain address. */
  readonly address: string;
};

export type Gate = {
  /** Undefined when the client must go; the log says why. */
  enter(address: string): Visitor | undefined;
  /** The listening socket has more connections than it may and has closed this one. */
  full(address: string): void;
};

type Options = { readonly limits: Limits; readonly log: Log; readonly clock: () => number };

export function createGate({ limits, log, clock }: Options): Gate {
  const admission = createAdmission(limits, clock);
  const note = refusalNotes(log, clock);

  return {
    enter(address) {
      const place = admission.enter(address);
      if (place.ok) return { address, ...place.value };
      note(address, place.message);
      return undefined;
    },

    full(address) {
      note(address, `${limits.connections} connections are open in all (sftp.connections)`);
    },
  };
}
