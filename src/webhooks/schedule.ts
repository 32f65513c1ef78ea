const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How long to wait after the first, second … failed attempt: ten tries over three days. */
export const RETRY_AFTER = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
const JITTER = 0.2; // so that what failed together does not come back together
const OVERLOADED = MINUTE; // the least to wait for a receiver that is overloaded

/** What a failed attempt said of the next one. */
export type Hint = { readonly overloaded: boolean; readonly retryAfter: number | undefined };

/** When to try again after attempt number `attempt` (from 1) failed; undefined when that was the last. */
export function nextAttempt(
  attempt: number,
  hint: Hint,
  now: number,
  random: () => number,
): number | undefined {
  const base = RETRY_AFTER[attempt - 1];
  if (base === undefined) return undefined;
  const jittered = base * (1 - JITTER + 2 * JITTER * random());
  const least = hint.overloaded ? Math.max(jittered, OVERLOADED) : jittered;
  const asked = hint.retryAfter === undefined ? least : Math.min(Math.max(hint.retryAfter, least), 2 * least);
  return Math.round(now + asked);
}
