import type { Event, EventType } from '../domain/event.ts';
import type { AccountId, EventId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';
import type { Result } from '../domain/refusal.ts';

export type EventQuery = {
  readonly account: AccountId;
  readonly mode: Mode;
  /** Those that came after this one; without it from the oldest on. */
  readonly after: EventId | undefined;
  readonly types: readonly EventType[];
  readonly limit: number;
  readonly now: number;
};

export type EventPage = {
  readonly events: readonly Event[];
  /** Where the next page begins: the last event that was looked at, wanted or not; undefined when there was none. */
  readonly after: EventId | undefined;
  /** Whether there may be more already. */
  readonly more: boolean;
};

export type EventStore = {
  /** In the order in which they were committed: what is committed later comes later. Refuses an `after` that is no event of theirs. */
  events(query: EventQuery): Promise<Result<EventPage, 'unknown_event'>>;
};
