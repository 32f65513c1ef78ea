import type { EventType } from '../../domain/event.ts';
import { eventBit } from './bits.ts';
import type { Database } from './connection.ts';

const NO_IMPORT = 0; // of what happened over REST or by an operator's hand

/** What an event is about: the policies of a chunk, a policy's revision, one rejected row, or the import as a whole. */
export type NewEvents = {
  readonly account: number;
  readonly mode: number;
  readonly type: EventType;
  readonly import?: number;
  readonly now: number;
} & (
  | { readonly first_policy: number; readonly count: number; readonly revision?: number }
  | { readonly row: number }
  | { readonly row?: never }
);

/**
 * Writes events in the transaction of their change, with a delivery for every endpoint that wants them. One row
 * stands for the events of a whole chunk of policies; their numbers are consecutive.
 */
export function eventWriter(db: Database): (events: NewEvents) => void {
  const last = db.prepare('SELECT id + count AS next FROM event ORDER BY id DESC LIMIT 1');
  const insert = db.prepare(
    `INSERT INTO event (id, count, account, mode, type, import, first_policy, revision, row, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const subscribed = db.prepare(
    'SELECT id FROM endpoint WHERE account = ? AND modes & ? AND events & ? AND removed_at IS NULL',
  );
  const deliver = db.prepare(
    "INSERT INTO delivery (endpoint, event, state, next_at, created_at) VALUES (?1, ?2, 'pending', ?3, ?3)",
  );
  return (events) => {
    const { account, mode, type, now } = events;
    const first = Number(last.get()?.['next'] ?? 1);
    const count = 'count' in events ? events.count : 1;
    const policy = 'first_policy' in events ? events.first_policy : null;
    insert.run(
      first,
      count,
      account,
      mode,
      eventBit(type),
      events.import ?? NO_IMPORT,
      policy,
      ('revision' in events && events.revision) || null,
      ('row' in events && events.row) || null,
      now,
    );
    for (const { id } of subscribed.all(account, mode, eventBit(type)) as { id: number }[]) {
      for (let event = first; event < first + count; event++) deliver.run(id, event, now);
    }
  };
}
