import type { EndpointId, EventId } from './ids.ts';
import type { Import, RowError } from './import.ts';
import type { Mode } from './mode.ts';
import type { Policy } from './policy.ts';

export const EVENT_TYPES = [
  'policy.created',
  'policy.rejected',
  'import.completed',
  'import.rejected',
  'import.held',
  'policy.updated',
  'endpoint.disabled',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Something that happened, with what it happened to; written in the same transaction as the change. */
export type Event = {
  readonly id: EventId;
  readonly mode: Mode;
  readonly created_at: number;
  /** It never happened: it is sent to try an endpoint, and says so. */
  readonly example?: true;
} & (
  | { readonly type: 'policy.created' | 'policy.updated'; readonly policy: Policy }
  | { readonly type: 'policy.rejected'; readonly import: Import; readonly rejection: Rejection }
  | { readonly type: 'import.completed' | 'import.rejected' | 'import.held'; readonly import: Import }
  | { readonly type: 'endpoint.disabled'; readonly endpoint: DisabledEndpoint }
);

/** An endpoint that gets nothing any more, and why. */
export type DisabledEndpoint = {
  readonly id: EndpointId;
  readonly url: string;
  readonly problem: string;
};

export type Rejection = {
  readonly row: number;
  readonly line: number;
  readonly idempotency_key: string;
  readonly integration_id: string;
  readonly errors: readonly RowError[];
};
