import { Webhook } from 'standardwebhooks';
import { expect, vi } from 'vitest';
import type { Endpoint } from '../../src/domain/endpoint.ts';
import { EVENT_TYPES } from '../../src/domain/event.ts';
import type {
  DeliveryClaim,
  DeliveryOutcome,
  DeliveryStore,
  Disabled,
} from '../../src/store/delivery-store.ts';
import { resolveName } from '../../src/webhooks/connector.ts';
import { addEndpoint } from '../../src/webhooks/endpoints.ts';
import { type Sender, startSender } from '../../src/webhooks/sender.ts';
import { AStore, NOW, purchase, ROOM } from '../store/a-store.ts';
import { type Answer, AReceiver, type Got } from './a-receiver.ts';
import { OTHER_SECRET, SECRET, VAULT } from './events.ts';
import { linksAt } from './links.ts';

/** A real store with receivers and a sender; the clock is the test's, and what is recorded is also noted in `outcomes`. */
export class ASite {
  now = NOW;
  readonly outcomes: DeliveryOutcome[] = [];
  readonly tally = { delivered: 0, failed: 0, given_up: 0 };
  readonly logged: { message: string; fields: object | undefined }[] = [];
  readonly kept: AStore;
  readonly #receivers: AReceiver[] = [];
  readonly #senders: Sender[] = [];

  private constructor(kept: AStore) {
    this.kept = kept;
  }

  static async open(): Promise<ASite> {
    return new ASite(await AStore.open());
  }

  get store() {
    return this.kept.store;
  }

  async close(): Promise<void> {
    for (const sender of this.#senders) await sender.stop();
    for (const receiver of this.#receivers) await receiver[Symbol.asyncDispose]();
    await this.kept.remove();
    for (const delivery of this.#receivers.flatMap(({ got }) => got)) expectSigned(delivery);
  }

  /** A receiver that is an endpoint of the account. */
  async endpoint(answer?: Answer): Promise<AReceiver> {
    const receiver = await AReceiver.start(answer);
    this.#receivers.push(receiver);
    await this.addEndpoint(receiver.url);
    return receiver;
  }

  async addEndpoint(url: string): Promise<Endpoint> {
    const account = this.kept.account.id;
    const { now, store } = this;
    const wanted = { url, description: '', events: EVENT_TYPES, modes: ['test'], batch: 1 } as const;
    const settings = { account, ...wanted, secrets: [SECRET], now };
    const added = await addEndpoint({ store, vault: VAULT }, settings);
    if (!added.ok) throw new Error(added.message);
    return added.value;
  }

  /** So many policies, and with them as many events. */
  async policies(count: number): Promise<void> {
    const claim = await this.kept.claim('tickets.csv', this.now);
    const rows = Array.from({ length: count }, (_, i) => purchase(i + 1, `${claim.import.id}-${i}`));
    await this.kept.commit(claim, rows, 0, this.now);
  }

  /** A sender on the real store, but for the methods that the test replaces. */
  sender(changes: Partial<DeliveryStore> = {}, { timeout = 5_000, lookup = resolveName } = {}): Sender {
    const log = (message: string, fields?: object) => void this.logged.push({ message, fields });
    const parts = {
      claimDeliveries: (claim: DeliveryClaim) => this.store.claimDeliveries(claim),
      recordAttempts: (ended: readonly DeliveryOutcome[]) => this.record(ended),
      ...changes,
    };
    const sender = startSender({
      store: {
        ...parts,
        exchangeDeliveries: async (ended, claim) => ({
          disabled: await parts.recordAttempts(ended),
          deliveries: await parts.claimDeliveries(claim),
        }),
      },
      vault: VAULT,
      allow: ['127.0.0.0/8'],
      links: linksAt(),
      clock: () => this.now,
      random: () => 0.5,
      log: { info: log, warn: log, error: log },
      tally: this.tally,
      timeout,
      lookup,
    });
    this.#senders.push(sender);
    return sender;
  }

  async record(ended: readonly DeliveryOutcome[]): Promise<Disabled[]> {
    const disabled = await this.store.recordAttempts(ended);
    this.outcomes.push(...ended);
    return disabled;
  }

  recorded(count: number): Promise<void> {
    return vi.waitFor(() => expect(this.outcomes).toHaveLength(count), { timeout: 20_000, interval: 20 });
  }

  /** Nothing is left to be sent, now or in a month. */
  async expectNothingLeft(): Promise<void> {
    const now = this.now + 30 * 86_400_000;
    expect(await this.store.claimDeliveries({ ...ROOM, lease: 0, now })).toEqual([]);
  }
}

/** Every delivery of every test is as the independent library would sign it, at the test's time. */
function expectSigned({ headers, body }: Got): void {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000);
  const expected = new Webhook(SECRET).sign(String(headers['webhook-id']), at, body);
  const others = new Webhook(OTHER_SECRET).sign(String(headers['webhook-id']), at, body);
  const signatures = String(headers['webhook-signature']).split(' ');
  expect(signatures.some((one) => one === expected || one === others)).toBe(true);
}

export const arrived = (receiver: AReceiver, count: number) =>
  vi.waitFor(() => expect(receiver.got).toHaveLength(count), { timeout: 20_000, interval: 20 });

export const idsOf = (receiver: AReceiver) => receiver.got.map(({ headers }) => headers['webhook-id']);
