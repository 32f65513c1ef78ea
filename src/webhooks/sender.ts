// Takes deliveries that are due, a few of each endpoint at a time so that a slow receiver delays no other, sends
// them, and records what came of it. A crash repeats at most what was in flight, with the same ids.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../domain/log.ts';
import type { DeliveryOutcome, DeliveryStore } from '../store/store.ts';
import { addressFilter } from './addresses.ts';
import { type AttemptDeps, attempt, TOTAL_TIMEOUT } from './attempt.ts';
import { guardedAgent, type Lookup, resolveName } from './connector.ts';

const PER_ENDPOINT = 16; // in flight at once: enough to hide a receiver's latency, few enough not to flood it
const LEASE = 60_000; // ms: four times what an attempt can take
const LOOK_EVERY = 250; // ms, when nothing is to be sent
const AFTER_FAILURE = 1_000; // ms, when the store does not answer

type Options = {
  readonly store: Pick<DeliveryStore, 'claimDeliveries' | 'recordAttempts'>;
  readonly allow: readonly string[];
  readonly publicUrl: string;
  readonly clock: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly timeout?: number;
  readonly lookup?: Lookup;
};

export type Sender = {
  /** Ends after what is in flight is sent and recorded. */
  stop(): Promise<void>;
};

/** Sends until it is stopped. */
export function startSender(options: Options): Sender {
  const { store, clock, log, timeout = TOTAL_TIMEOUT, lookup = resolveName } = options;
  const dispatcher = guardedAgent(addressFilter(options.allow), lookup);
  const deps: AttemptDeps = { ...options, dispatcher, timeout };
  const inFlight = new Set<Promise<void>>();
  let ended: DeliveryOutcome[] = [];
  const stopping = new AbortController();
  const running = run();

  return {
    async stop() {
      stopping.abort();
      await running;
      await dispatcher.close();
    },
  };

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      try {
        await recordEnded();
        const claimed = await send();
        if (claimed === 0) await somethingHappens(LOOK_EVERY);
      } catch (error) {
        log.error('webhooks wait for the store', { error: String(error) });
        await somethingHappens(AFTER_FAILURE);
      }
    }
    await Promise.all(inFlight);
    await recordEnded().catch((error) =>
      log.error('attempts could not be recorded', { error: String(error) }),
    );
  }

  async function send(): Promise<number> {
    const deliveries = await store.claimDeliveries({ perEndpoint: PER_ENDPOINT, lease: LEASE, now: clock() });
    for (const delivery of deliveries) {
      const sending = attempt(delivery, deps).then((outcome) => {
        ended.push(outcome);
        inFlight.delete(sending);
        if (outcome.problem !== undefined) {
          const { id, event, endpoint } = delivery;
          log.warn('a webhook was not delivered', {
            delivery: id,
            event: event.id,
            endpoint: endpoint.id,
            ...outcomeFields(outcome),
          });
        }
      });
      inFlight.add(sending);
    }
    return deliveries.length;
  }

  async function recordEnded(): Promise<void> {
    if (ended.length === 0) return;
    const outcomes = ended;
    ended = [];
    try {
      await store.recordAttempts(outcomes);
    } catch (error) {
      ended = [...outcomes, ...ended];
      throw error;
    }
  }

  /** An attempt has ended, or the time is over, or it is time to stop. */
  async function somethingHappens(ms: number): Promise<void> {
    const over = new AbortController();
    const signal = AbortSignal.any([stopping.signal, over.signal]);
    await Promise.race([...inFlight, sleep(ms, undefined, { signal }).catch(() => {})]);
    over.abort();
  }
}

function outcomeFields({ attempt, problem, retry_at }: DeliveryOutcome) {
  return { attempt, problem, retry_at: retry_at === undefined ? 'never' : new Date(retry_at).toISOString() };
}
