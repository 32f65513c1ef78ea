import type { EventType } from '../../domain/event.ts';
import { eventBit } from './bits.ts';
import type { Database } from './connection.ts';

const NO_IMPORT = 0; // of what happened over REST, by an operator's hand, or to an endpoint

/** What an event is about: the policies of a chunk, a policy's revision, rejected rows, an endpoint, or the import as a whole. */
export type NewEvents = {
  readonly account: number;
  readonly mode: number;
  readonly type: EventType;
  readonly import?: number;
  readonly now: number;
} & (
  | { readonly first_policy: number; readonly count: number; readonly revision?: number }
  | { readonly rows: readonly number[] }
  | { readonly endpoint: number; readonly detail: string }
  | { readonly endpoint?: never }
);

/**
 * Writes events in the transaction of their change, with one delivery of them all for every endpoint that wants them: what is
 * sent at a time is cut from it when it is claimed. One row stands for the events of a whole chunk of policies;
 * their numbers are consecutive.
 */
export function eventWriter(db: Database): (events: NewEvents) => void {
  const last = db.prepare('SELECT id + count AS next FROM event ORDER BY id DESC LIMIT 1');
  const insert = db.prepare(
    `INSERT INTO event (id, count, account, mode, type, import, first_policy, revision, row, endpoint, detail, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const subscribed = db.prepare(
    `SELECT id FROM endpoint WHERE account = ? AND modes & ? AND events & ? AND id IS NOT ? AND removed_at IS NULL`,
  );
  const deliver = db.prepare(
    "INSERT INTO delivery (endpoint, event, count, state, next_at, created_at) VALUES (?1, ?2, ?3, 'pending', ?4, ?4)",
  );
  return (events) => {
    const { account, mode, type, now } = events;
    const first = Number(last.get()?.['next'] ?? 1);
    const each = 'count' in events ? events.count : 1;
    const policy = 'first_policy' in events ? events.first_policy : null;
    const revision = ('revision' in events && events.revision) || null;
    const { endpoint, detail } = 'detail' in events ? events : { endpoint: null, detail: null };
    const rows = 'rows' in events ? events.rows : [null];
    rows.forEach((row, i) => {
      insert.run(
        first + i,
        each,
        account,
        mode,
        eventBit(type),
        events.import ?? NO_IMPORT,
        policy,
        revision,
        row,
        endpoint,
        detail,
        now,
      );
    });
    for (const { id } of subscribed.all(account, mode, eventBit(type), endpoint) as { id: number }[])
      deliver.run(id, first, each * rows.length, now);
  };
}
