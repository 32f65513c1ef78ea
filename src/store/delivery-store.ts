import type { Endpoint } from '../domain/endpoint.ts';
import type { Trial } from '../domain/endpoint-health.ts';
import type { Event, EventType } from '../domain/event.ts';
import type { AccountId, DeliveryId, EndpointId, EventId } from '../domain/ids.ts';
import type { Room } from './fair-shares.ts';

/** Events that are sent to an endpoint together, mostly one; claimed until `lease` runs out; `attempt` counts from 1. */
export type Delivery = {
  readonly id: DeliveryId;
  readonly endpoint: Endpoint;
  readonly events: readonly Event[];
  readonly attempt: number;
};

export type DeliveryOutcome = Trial & {
  readonly id: DeliveryId;
  readonly attempt: number;
  readonly status: number | undefined; // HTTP status, when there was an answer
  readonly problem: string | undefined; // undefined: delivered
  readonly response: string | undefined; // how an answer that tells of a failure begins
  readonly ms: number; // how long it took
  readonly retry_at: number | undefined; // undefined with a problem: given up
};

export type FailedAttempt = {
  readonly number: number;
  readonly at: number;
  readonly ms: number;
  readonly status: number | undefined;
  readonly problem: string;
  readonly response: string | undefined;
};

/** An endpoint that attempts have disabled. */
export type Disabled = { readonly account: string; readonly endpoint: EndpointId; readonly problem: string };

export const DELIVERY_STATES = ['pending', 'delivered', 'failed', 'replayed'] as const;

/** A delivery as an operator sees it: its first event, and how many there are with it. `replayed` was given up, and is sent again in another. */
export type DeliveryRecord = {
  readonly id: DeliveryId;
  readonly endpoint: EndpointId;
  readonly event: EventId;
  readonly type: EventType;
  readonly events: number;
  readonly state: (typeof DELIVERY_STATES)[number];
  readonly attempts: number;
  readonly status: number | undefined; // of the last attempt, as the problem
  readonly problem: string | undefined;
  readonly next_at: number | undefined; // while it is pending
  readonly created_at: number;
  readonly ended_at: number | undefined;
};

export type DeliveryFilter = {
  readonly account: AccountId;
  readonly endpoint?: EndpointId;
  readonly state?: DeliveryRecord['state'];
  readonly limit: number;
};

export type DeliveryBacklog = {
  readonly events: number;
  readonly oldest: number | undefined;
  readonly failing: number;
  readonly disabled: number;
};

export type DeliveryClaim = Room & { readonly lease: number; readonly now: number };

export type DeliveryStore = {
  /** The newest first. */
  deliveries(filter: DeliveryFilter): Promise<DeliveryRecord[]>;
  delivery(id: DeliveryId): Promise<DeliveryRecord | undefined>;
  /** Deliveries that are due, oldest first, divided fairly among the endpoints. Those of a disabled endpoint are kept. */
  claimDeliveries(claim: DeliveryClaim): Promise<Delivery[]>;
  /**
   * Outcomes of attempts, in one transaction, with what follows for their endpoints: one that fails is asked less often, and one that
   * has failed for too long is disabled, which is an event for the account's other endpoints. Returns those.
   */
  recordAttempts(outcomes: readonly DeliveryOutcome[]): Promise<Disabled[]>;
  /** Both in one transaction. */
  exchangeDeliveries(
    outcomes: readonly DeliveryOutcome[],
    claim: DeliveryClaim,
  ): Promise<{ disabled: Disabled[]; deliveries: Delivery[] }>;
  /** Attempts of a delivery that have failed, in order. */
  failedAttempts(id: DeliveryId): Promise<FailedAttempt[]>;
  /** Events that wait at endpoints that are neither disabled nor paused, since when the oldest of them does, and how many endpoints fail or are disabled. */
  deliveryBacklog(): Promise<DeliveryBacklog>;
  /** Removes deliveries that ended before an instant, with their attempts, at most `limit`; says how many. */
  removeDeliveries(before: number, limit: number): Promise<number>;
};
