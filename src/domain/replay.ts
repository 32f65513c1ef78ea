import type { EventType } from './event.ts';
import type { EndpointId, ReplayId } from './ids.ts';

/** What is sent again: deliveries that were given up, or everything that happened. Instants in ms; `until` is not included. */
export type ReplayQuery = {
  readonly what: 'failed' | 'events';
  readonly since: number;
  readonly until: number;
  readonly types: readonly EventType[];
};

/** A durable job that sends again to one endpoint, a few at a time. */
export type Replay = ReplayQuery & {
  readonly id: ReplayId;
  readonly account: string;
  readonly endpoint: EndpointId;
  readonly state: 'running' | 'completed' | 'cancelled';
  /** Events that it sends again, as they were counted when it was made, and how many of them are handed to sending. */
  readonly total: number;
  readonly done: number;
  readonly created_at: number;
  readonly ended_at: number | undefined;
};
