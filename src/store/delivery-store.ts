import type { Endpoint } from '../domain/endpoint.ts';
import type { Trial } from '../domain/endpoint-health.ts';
import type { Event } from '../domain/event.ts';
import type { DeliveryId, EndpointId } from '../domain/ids.ts';
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

export type DeliveryStore = {
  /** Deliveries that are due, oldest first, divided fairly among the endpoints. Those of a disabled endpoint are kept. */
  claimDeliveries(claim: Room & { lease: number; now: number }): Promise<Delivery[]>;
  /**
   * Outcomes of attempts, in one transaction, with what follows for their endpoints: one that fails is asked less often, and one that
   * has failed for too long is disabled, which is an event for the account's other endpoints. Returns those.
   */
  recordAttempts(outcomes: readonly DeliveryOutcome[]): Promise<Disabled[]>;
  /** Attempts of a delivery that have failed, in order. */
  failedAttempts(id: DeliveryId): Promise<FailedAttempt[]>;
  /** Removes deliveries that ended before an instant, with their attempts, at most `limit`; says how many. */
  removeDeliveries(before: number, limit: number): Promise<number>;
};
