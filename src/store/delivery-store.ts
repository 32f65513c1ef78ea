import type { Endpoint } from '../domain/endpoint.ts';
import type { Event } from '../domain/event.ts';
import type { DeliveryId } from '../domain/ids.ts';

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
  /** Deliveries that are due, at most `perEndpoint` in flight for each, oldest first. */
  claimDeliveries(claim: { perEndpoint: number; lease: number; now: number }): Promise<Delivery[]>;
  /** Outcomes of attempts, in one transaction. */
  recordAttempts(outcomes: readonly DeliveryOutcome[]): Promise<void>;
};
