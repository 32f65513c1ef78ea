// A source that keeps failing is kept out for a while, longer with each ban. The scores are those of SFTPGo's defender.

import { inNetworks, Sources, sourceOf } from '../../domain/source.ts';
import type { Limits } from '../limits.ts';

/** What a connection that ends without a login counts, by the worst that it did. */
export const SCORES = {
  unknown_user: 2, // nobody mistypes a stored user name again and again
  refused_login: 1, // of a user that there is: partners renew keys
  no_login: 1, // took a place for the whole login grace
  flood: 1, // a minute in which connections were refused: a client that opens too many at once must not be banned for it
} as const;

export type Failure = keyof typeof SCORES;

const THRESHOLD = 15;
const WINDOW = 30 * 60_000; // ms in which a score that high is forgotten
const GROWTH = 1.5; // each ban by this factor longer than the one before
const LONGEST = 24 * 3_600_000; // ms
const MEMORY = 24 * 3_600_000; // ms after its last failure for which a source's bans are remembered

export type Bans = {
  /** Until when this address is banned, in ms since 1970; undefined when it is not. */
  until(address: string): number | undefined;
  /** Counts a failure; returns until when it has the source banned, undefined when it has not. */
  failed(address: string, failure: Failure): number | undefined;
};

type Standing = {
  readonly score: number;
  readonly at: number;
  readonly bans: number;
  readonly until: number;
};

/** `clock` in ms; nothing is kept over a restart. */
export function createBans(limits: Limits, clock: () => number): Bans {
  const standings = new Sources<Standing>();
  const spared = inNetworks(limits.never_ban);

  const until = (address: string) => {
    const standing = standings.get(sourceOf(address));
    return standing && standing.until > clock() ? standing.until : undefined;
  };

  return {
    until,

    failed(address, failure) {
      if (limits.ban === 0 || spared(address) || until(address) !== undefined) return undefined;
      const source = sourceOf(address);
      const at = clock();
      const { score, bans } = rested(standings.get(source), at);
      const sum = score + SCORES[failure];
      if (Math.round(sum) < THRESHOLD) {
        standings.set(source, { score: sum, at, bans, until: 0 });
        return undefined;
      }
      const end = at + Math.min(limits.ban * GROWTH ** bans, Math.max(limits.ban, LONGEST));
      standings.set(source, { score: 0, at: end, bans: bans + 1, until: end });
      return end;
    },
  };
}

/** What is left of a standing: its score falls evenly with time. */
function rested(standing: Standing | undefined, now: number): Pick<Standing, 'score' | 'bans'> {
  if (!standing || now - standing.at > MEMORY) return { score: 0, bans: 0 };
  const fallen = (Math.max(0, now - standing.at) / WINDOW) * THRESHOLD;
  return { score: Math.max(0, standing.score - fallen), bans: standing.bans };
}
