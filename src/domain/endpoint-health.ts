// When an endpoint that keeps failing is asked again, and when no longer. It costs one attempt at a time, as seldom as
// it has been failing for long, and its deliveries keep the tries that they have left.
const SECOND = 1_000; // ms
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** An endpoint of which every attempt has failed for so long is disabled. */
export const DISABLE_AFTER = 5 * DAY;
const LEAST_PAUSE = SECOND;
const LONGEST_PAUSE = 5 * MINUTE; // so that a receiver that is back does not wait longer than that

export type EndpointHealth = {
  /** The first failure since the last success; undefined while it answers. */
  readonly failing_since: number | undefined;
  /** Nothing is sent before. */
  readonly probe_at: number;
};

/** What came of an attempt; without a problem it was a success. */
export type Trial = {
  readonly status: number | undefined;
  readonly problem: string | undefined;
  /** How long a receiver that has too much to do wants to be left alone, ms. */
  readonly pause: number | undefined;
  readonly now: number;
};

/** How an endpoint stands after attempts that ended together; `disabled` says why it gets no more. */
export function healthAfter(
  { failing_since }: EndpointHealth,
  trials: readonly Trial[],
): EndpointHealth & { readonly disabled: string | undefined } {
  const now = Math.max(...trials.map((trial) => trial.now));
  const asked = Math.min(Math.max(0, ...trials.map(({ pause = 0 }) => pause)), LONGEST_PAUSE);
  const failed = trials.filter(({ problem }) => problem !== undefined);
  const gone = failed.some(({ status }) => status === 410);
  const disabled = gone ? 'it answered 410: the receiver wants nothing any more' : undefined;
  if (failed.length < trials.length)
    return { failing_since: undefined, probe_at: asked === 0 ? 0 : now + asked, disabled };
  const since = failing_since ?? Math.min(...trials.map((trial) => trial.now));
  const pause = Math.min(Math.max(now - since, LEAST_PAUSE, asked), LONGEST_PAUSE);
  return { failing_since: since, probe_at: now + pause, disabled: disabled ?? tooLong(since, now, failed) };
}

function tooLong(since: number, now: number, failed: readonly Trial[]): string | undefined {
  if (now - since < DISABLE_AFTER) return undefined;
  return `every attempt since ${new Date(since).toISOString()} has failed; of the last one: ${failed.at(-1)?.problem}`;
}
