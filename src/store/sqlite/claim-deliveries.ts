import type { Event } from '../../domain/event.ts';
import type { DeliveryId } from '../../domain/ids.ts';
import type { Delivery, DeliveryStore } from '../delivery-store.ts';
import { fairShares } from '../fair-shares.ts';
import type { Database } from './connection.ts';
import { type EndpointRow, endpointReader } from './endpoints.ts';
import { eventReader } from './event-record.ts';
import type { Methods } from './methods.ts';

const BATCH_SIZE = 1024 * 1024; // characters of events, after which a batch is full

type WaitingRow = EndpointRow & { due_at: number; in_flight: number };
type DeliveryRow = {
  id: number;
  event: number;
  count: number;
  attempt: number;
  claimed_until: number;
  created_at: number;
};
type Piece = { readonly id: number; readonly row: DeliveryRow; readonly events: readonly Event[] };

/** `claimDeliveries` of the store. A claimed delivery is due again when its claim has run out. */
export function claimDeliveryMethods(db: Database): Pick<Methods<DeliveryStore>, 'claimDeliveries'> {
  const waiting = db.prepare(
    `SELECT * FROM (SELECT endpoint.*, account.name AS account_name,
       (SELECT min(next_at) FROM delivery WHERE endpoint = endpoint.id AND state = 'pending') AS due_at,
       (SELECT count(*) FROM delivery WHERE endpoint = endpoint.id AND claimed_until > 0 AND claimed_until > ?1) AS in_flight
     FROM endpoint JOIN account ON account.id = endpoint.account
     WHERE removed_at IS NULL AND disabled_at IS NULL AND paused_at IS NULL AND probe_at <= ?1) WHERE due_at <= ?1`,
  );
  const due = db.prepare(
    `SELECT id, event, count, attempt, claimed_until, created_at FROM delivery
     WHERE endpoint = ? AND state = 'pending' AND next_at <= ? ORDER BY next_at LIMIT ?`,
  );
  const claim = db.prepare('UPDATE delivery SET claimed_until = ?1, next_at = ?1 WHERE id = ?2');
  const shorten = db.prepare('UPDATE delivery SET event = event + ?1, count = count - ?1 WHERE id = ?2');
  const cut = db.prepare(
    `INSERT INTO delivery (endpoint, event, count, state, next_at, claimed_until, created_at)
     VALUES (?1, ?2, ?3, 'pending', ?4, ?4, ?5) RETURNING id`,
  );
  const eventOf = eventReader(db);
  const endpointOf = endpointReader(db);

  /** The first `most` events of a delivery, or fewer where they are large. */
  function eventsOf({ event, count }: DeliveryRow, most: number, now: number): Event[] {
    const events: Event[] = [];
    let size = 0;
    while (events.length < Math.min(count, most) && size < BATCH_SIZE) {
      const one = eventOf(event + events.length, now);
      if (most > 1) size += JSON.stringify(one).length;
      events.push(one);
    }
    return events;
  }

  /** Cuts what is sent next from a delivery, which keeps the rest. What was cut stays together in every attempt. */
  function nextPiece(row: DeliveryRow, endpoint: EndpointRow, until: number, now: number): Piece {
    const begun = row.attempt > 0 || row.claimed_until > 0;
    const events = eventsOf(row, begun ? row.count : endpoint.batch, now);
    if (events.length === row.count) {
      claim.run(until, row.id);
      return { id: row.id, row, events };
    }
    shorten.run(events.length, row.id);
    const inserted = cut.get(endpoint.id, row.event, events.length, until, row.created_at);
    return { id: Number(inserted?.['id']), row, events };
  }

  function claimFor(endpoint: WaitingRow, share: number, until: number, now: number): Delivery[] {
    const whole = endpointOf(endpoint);
    const pieces: Piece[] = [];
    for (let row of due.all(endpoint.id, now, share) as DeliveryRow[]) {
      while (row.count > 0 && pieces.length < share) {
        const piece = nextPiece(row, endpoint, until, now);
        pieces.push(piece);
        const { length } = piece.events;
        row = { ...row, event: row.event + length, count: row.count - length };
      }
    }
    return pieces.map(({ id, row, events }) => ({
      id: db.ids.delivery.encode(id, row.created_at) as DeliveryId,
      endpoint: whole,
      events,
      attempt: row.attempt + 1,
    }));
  }

  return {
    claimDeliveries: ({ lease, now, ...room }) => {
      if (room.places <= 0 || !waiting.get(now)) return []; // most looks find nothing; they must not cost a write lock
      return db.transaction(() => {
        const rows = (waiting.all(now) as WaitingRow[]).map((row) => ({
          ...row,
          failing: row.failing_since !== null,
        }));
        return fairShares(rows, room).flatMap(({ one, share }) => claimFor(one, share, now + lease, now));
      });
    },
  };
}
