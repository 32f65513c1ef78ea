import type { AccountId, DeliveryId, EndpointId, ReplayId } from '../domain/ids.ts';
import type { Result } from '../domain/refusal.ts';
import type { Replay, ReplayQuery } from '../domain/replay.ts';

/** How much one step may do: it must not hold the writer up, nor fill an endpoint's queue. */
export type ReplayStep = {
  readonly now: number;
  /** Rows of deliveries or events that are looked at. */
  readonly rows: number;
  /** An endpoint gets no more than until so many events are due for it, or what happened in one chunk more. */
  readonly waiting: number;
};

export type ReplayStore = {
  /** How many events it would send again. */
  countReplay(endpoint: EndpointId, query: ReplayQuery): Promise<number>;
  /** A job that goes on until all is handed to sending, over restarts. Refuses an endpoint that the account does not have. */
  startReplay(
    account: AccountId,
    endpoint: EndpointId,
    replay: ReplayQuery & { readonly total: number; readonly now: number },
  ): Promise<Result<Replay, 'unknown_endpoint'>>;
  /** The newest first. */
  replays(account: AccountId, limit: number): Promise<Replay[]>;
  replay(id: ReplayId): Promise<Replay | undefined>;
  /** What it has handed to sending is sent. Refuses one that has ended. */
  cancelReplay(id: ReplayId, now: number): Promise<Result<Replay, 'unknown_replay' | 'replay_ended'>>;
  /** One transaction's worth of every running job; says whether there is more to do at once. */
  stepReplays(step: ReplayStep): Promise<boolean>;
  /** Sends what a delivery holds again, in a new one, under the endpoint's present URL and secret; one that still waits is due at once. */
  replayDelivery(
    id: DeliveryId,
    now: number,
  ): Promise<Result<DeliveryId, 'unknown_delivery' | 'endpoint_removed'>>;
};
