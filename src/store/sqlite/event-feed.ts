import type { EventId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { EventPage, EventQuery, EventStore } from '../event-store.ts';
import { accountRow } from './accounts.ts';
import { eventBits, modeBit } from './bits.ts';
import type { Database } from './connection.ts';
import { eventReader } from './event-record.ts';
import type { Methods } from './methods.ts';

const LOOKED_AT = 10_000; // rows of one page at most, so that events of a rare type are no long search

type Row = { id: number; count: number; type: number; created_at: number };

/** The writer numbers events in the order in which it commits, so who has seen a number has seen all before it. */
export function eventFeedMethods(db: Database): Methods<EventStore> {
  const from = db.prepare(
    'SELECT id, count, type, created_at FROM event WHERE account = ? AND mode = ? AND id >= ? ORDER BY id LIMIT ?',
  );
  const containing = db.prepare(
    'SELECT id, count, created_at FROM event WHERE id <= ? AND account = ? AND mode = ? ORDER BY id DESC LIMIT 1',
  );
  const eventOf = eventReader(db);

  /** The number of an event of theirs, and of the first of its row. */
  function placeOf({ after, account, mode }: EventQuery): { number: number; row: number } | undefined {
    if (after === undefined) return { number: 0, row: 0 };
    const decoded = db.ids.event.decode(after);
    if (!decoded) return undefined;
    const owner = accountRow(db, account);
    const row = containing.get(decoded.row, owner, modeBit(mode)) as Row | undefined;
    const isIt = row && decoded.row < row.id + row.count && decoded.created_at === row.created_at;
    return isIt ? { number: decoded.row, row: row.id } : undefined;
  }

  function pageAfter(number: number, row: number, query: EventQuery): EventPage {
    const { account, mode, types, limit, now } = query;
    const wanted = eventBits(types);
    const events: EventPage['events'][number][] = [];
    let after = query.after;
    let looked = 0;
    const rows = from.iterate(accountRow(db, account), modeBit(mode), row, LOOKED_AT) as Iterable<Row>;
    for (const { id, count, type, created_at } of rows) {
      if (events.length === limit) return { events, after, more: true };
      looked++;
      const first = Math.max(id, number + 1);
      const end = id + count;
      let next = (type & wanted) === 0 ? end : first;
      while (next < end && events.length < limit) events.push(eventOf(next++, now));
      if (next > first) after = db.ids.event.encode(next - 1, created_at) as EventId;
      if (next < end) return { events, after, more: true };
    }
    return { events, after, more: looked === LOOKED_AT };
  }

  return {
    events: (query) =>
      db.read(() => {
        const place = placeOf(query);
        if (place) return ok(pageAfter(place.number, place.row, query));
        return refused('unknown_event', `There is no event ${query.after} of this account and mode.`);
      }),
  };
}
