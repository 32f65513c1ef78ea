// Hands what is to be sent again to the sender, step by step, so that neither the store nor a receiver is flooded. The jobs
// stand in the store: a crash or a restart only pauses them.
import { Bell } from '../domain/bell.ts';
import type { Log } from '../domain/log.ts';
import type { ReplayStore } from '../store/replay-store.ts';

const ROWS = 500; // of one step, a few ms of the writer
const WAITING = 1_000; // events due to an endpoint: it never runs dry, and what happens now waits for no more than these
const LOOK_EVERY = 500; // ms, when nothing is to be done
const AFTER_FAILURE = 1_000; // ms, when the store does not answer

type Options = {
  readonly store: Pick<ReplayStore, 'stepReplays'>;
  readonly clock: () => number;
  readonly log: Log;
};

export type Replays = { stop(): Promise<void> };

/** Works on all replays there are, and that come, until it is stopped; a step that has begun is finished. */
export function startReplays({ store, clock, log }: Options): Replays {
  let stopping = false;
  const bell = new Bell();
  const running = run();
  return {
    stop() {
      stopping = true;
      bell.ring();
      return running;
    },
  };

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        const more = await store.stepReplays({ now: clock(), rows: ROWS, waiting: WAITING });
        if (!more) await bell.wait(LOOK_EVERY);
      } catch (error) {
        log.error('replays wait for the store', { error: String(error) });
        await bell.wait(AFTER_FAILURE);
      }
    }
  }
}
