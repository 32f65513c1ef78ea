// Takes deliveries that are due, a few of each endpoint at a time so that a slow receiver delays no other, sends
// them, and records what came of it. A crash repeats at most what was in flight, with the same ids.
import { Bell } from '../domain/bell.ts';
import type { Links } from '../domain/links.ts';
import type { Log } from '../domain/log.ts';
import type { Delivery, DeliveryOutcome, DeliveryStore, Disabled } from '../store/delivery-store.ts';
import { addressFilter } from './addresses.ts';
import { type AttemptDeps, attempt, TOTAL_TIMEOUT } from './attempt.ts';
import { guardedAgent, type Lookup, resolveName } from './connector.ts';
import { openingOnce, type Vault } from './vault.ts';

export const PER_ENDPOINT = 16; // in flight at once: enough to hide a receiver's latency, few enough not to flood it
export const IN_FLIGHT = 512; // no claims beyond: 32 endpoints that hang, and half of the 1024 files a process may open
const PROBES = IN_FLIGHT / 2; // of them for endpoints that are failing, so that a thousand dead ones leave room for the others
const AT_A_TIME = 64; // claims: more would keep the main thread from other work for too long
const LEASE = 60_000; // ms: four times what an attempt can take
const LOOK_EVERY = 250; // ms, when nothing is to be sent
const AFTER_FAILURE = 1_000; // ms, when the store does not answer

type Options = {
  readonly store: Pick<DeliveryStore, 'claimDeliveries' | 'recordAttempts' | 'exchangeDeliveries'>;
  /** Networks (CIDR) that may be reached although they are private. */
  readonly allow: readonly string[];
  readonly vault: Vault;
  readonly links: Links;
  readonly clock: () => number;
  readonly random: () => number;
  readonly log: Log;
  readonly tally: Tally;
  readonly timeout?: number;
  readonly lookup?: Lookup;
};

/** How attempts have ended; the sender counts on. */
export type Tally = { delivered: number; failed: number; given_up: number };

export type Sender = {
  /** Ends after what is in flight is sent, at most one attempt's time, and recorded. */
  stop(): Promise<void>;
};

/** Sends until it is stopped. */
export function startSender(options: Options): Sender {
  const { store, clock, log, timeout = TOTAL_TIMEOUT, lookup = resolveName } = options;
  const dispatcher = guardedAgent(addressFilter(options.allow), lookup);
  const deps: AttemptDeps = { ...options, vault: openingOnce(options.vault), dispatcher, timeout };
  const inFlight = new Set<Promise<void>>();
  let probing = 0;
  let ended: DeliveryOutcome[] = [];
  let stopping = false;
  const bell = new Bell();
  const running = run();

  return {
    async stop() {
      stopping = true;
      bell.ring();
      await running;
      await dispatcher.destroy();
    },
  };

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        const claimed = await exchange();
        for (const delivery of claimed) start(delivery);
        if (claimed.length === 0 && ended.length === 0) await bell.wait(LOOK_EVERY);
      } catch (error) {
        log.error('webhooks wait for the store', { error: String(error) });
        await bell.wait(AFTER_FAILURE);
      }
    }
    await Promise.all(inFlight);
    await recordEnded().catch((error) =>
      log.error('attempts could not be recorded and will be repeated', { error: String(error) }),
    );
  }

  /** Records what has ended, and claims what there is room for. */
  async function exchange(): Promise<readonly Delivery[]> {
    const places = Math.min(IN_FLIGHT - inFlight.size, AT_A_TIME);
    if (places <= 0) return recordEnded();
    const room = { perEndpoint: PER_ENDPOINT, places, probes: PROBES - probing };
    const claim = { ...room, lease: LEASE, now: clock() };
    if (ended.length === 0) return store.claimDeliveries(claim);
    return withEnded(async (outcomes) => {
      const { disabled, deliveries } = await store.exchangeDeliveries(outcomes, claim);
      tell(disabled);
      return deliveries;
    });
  }

  async function recordEnded(): Promise<readonly Delivery[]> {
    if (ended.length === 0) return [];
    return withEnded(async (outcomes) => {
      tell(await store.recordAttempts(outcomes));
      return [];
    });
  }

  /** What could not be recorded stays, for the next time. */
  async function withEnded<T>(record: (outcomes: readonly DeliveryOutcome[]) => Promise<T>): Promise<T> {
    const outcomes = ended;
    ended = [];
    try {
      return await record(outcomes);
    } catch (error) {
      ended = [...outcomes, ...ended];
      throw error;
    }
  }

  function tell(disabled: readonly Disabled[]): void {
    for (const one of disabled) log.error('an endpoint is disabled', one);
  }

  function start(delivery: Delivery): void {
    const sending = send(delivery).finally(() => inFlight.delete(sending));
    inFlight.add(sending);
  }

  async function send(delivery: Delivery): Promise<void> {
    const isProbe = delivery.endpoint.failing_since !== undefined;
    if (isProbe) probing++;
    const outcome = await attempt(delivery, deps);
    if (isProbe) probing--;
    if (outcome.problem !== undefined) log.warn('a webhook was not delivered', fieldsOf(delivery, outcome));
    count(options.tally, outcome);
    ended.push(outcome);
    bell.ring();
  }
}

function count(tally: Tally, { problem, retry_at }: DeliveryOutcome): void {
  if (problem === undefined) tally.delivered++;
  else if (retry_at === undefined) tally.given_up++;
  else tally.failed++;
}

function fieldsOf({ id, events, endpoint }: Delivery, { attempt, problem, retry_at }: DeliveryOutcome) {
  const next = retry_at === undefined ? 'never' : new Date(retry_at).toISOString();
  return {
    delivery: id,
    event: events[0]?.id,
    events: events.length,
    endpoint: endpoint.id,
    attempt,
    problem,
    retry_at: next,
  };
}
