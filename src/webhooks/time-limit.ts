/** The time for something is over. */
export class TimeIsOver extends Error {}

export type TimeLimit = {
  readonly signal: AbortSignal;
  /** Rejects with `TimeIsOver`. */
  readonly over: Promise<never>;
  clear(): void;
};

/** A limit of `ms` that leaves nothing behind once it is cleared, as `AbortSignal.timeout` would until its time has come. */
export function timeLimit(ms: number): TimeLimit {
  const controller = new AbortController();
  const { promise: over, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new TimeIsOver(`${ms} ms are over`);
    controller.abort(error);
    reject(error);
  }, ms);
  return { signal: controller.signal, over, clear: () => clearTimeout(timer) };
}
