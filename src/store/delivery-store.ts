import type { Endpoint, Event, EventType } from '../domain/event.ts';
import type { AccountId, DeliveryId, EndpointId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';

/** One event for one endpoint, claimed until `lease` runs out; `attempt` counts from 1. */
export type Delivery = {
  readonly id: DeliveryId;
  readonly endpoint: Endpoint;
  readonly event: Event;
  readonly attempt: number;
};

export type DeliveryOutcome = {
  readonly id: DeliveryId;
  readonly attempt: number;
  readonly status: number | undefined; // HTTP status, when there was an answer
  readonly problem: string | undefined; // undefined: delivered
  readonly retry_at: number | undefined; // undefined with a problem: given up
  readonly now: number;
};

export type DeliveryStore = {
  addEndpoint(endpoint: {
    account: AccountId;
    url: string;
    events: readonly EventType[];
    modes: readonly Mode[];
    secret: string;
    now: number;
  }): Promise<Endpoint>;
  endpoints(account: AccountId): Promise<Endpoint[]>;
  /** Pending deliveries to it end as given up. False when the account has no such endpoint. */
  removeEndpoint(account: AccountId, id: EndpointId, now: number): Promise<boolean>;
  /** Deliveries that are due, at most `perEndpoint` in flight for each, oldest first. */
  claimDeliveries(claim: { perEndpoint: number; lease: number; now: number }): Promise<Delivery[]>;
  /** Outcomes of attempts, in one transaction. */
  recordAttempts(outcomes: readonly DeliveryOutcome[]): Promise<void>;
};
