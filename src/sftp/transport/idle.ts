import type { Activity } from '../protocol/activity.ts';

export type IdleWatch = Activity & { stop(): void };

/** Calls `expired` when there was no request for `ms` and no file is open for writing: an upload may pause. */
export function watchIdle(ms: number, expired: () => void): IdleWatch {
  let writing = 0;
  let stopped = false;
  const timer = setTimeout(() => {
    if (writing > 0) timer.refresh();
    else expired();
  }, ms);

  return {
    request() {
      if (!stopped) timer.refresh();
    },
    opened() {
      writing++;
    },
    closed() {
      writing--;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
