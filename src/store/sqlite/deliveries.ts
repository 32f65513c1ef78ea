import type { DeliveryId } from '../../domain/ids.ts';
import type { Delivery, DeliveryStore } from '../delivery-store.ts';
import type { Database } from './connection.ts';
import { ENDPOINTS, type EndpointRow, endpointReader } from './endpoints.ts';
import { eventReader } from './event-record.ts';
import type { Methods } from './methods.ts';

type DeliveryRow = { id: number; event: number; attempt: number; created_at: number };

export function deliveryMethods(db: Database): Methods<DeliveryStore> {
  const waiting = db.prepare(`${ENDPOINTS} WHERE removed_at IS NULL AND EXISTS (
    SELECT 1 FROM delivery WHERE endpoint = endpoint.id AND state = 'pending' AND next_at <= ?1 AND claimed_until <= ?1)`);
  const inFlight = db.prepare(
    'SELECT count(*) AS n FROM delivery WHERE endpoint = ? AND claimed_until > 0 AND claimed_until > ?',
  );
  const claim = db.prepare(
    `UPDATE delivery SET claimed_until = ?1 WHERE id IN (SELECT id FROM delivery WHERE endpoint = ?2 AND state = 'pending'
       AND next_at <= ?3 AND claimed_until <= ?3 ORDER BY next_at LIMIT ?4) RETURNING id, event, attempt, created_at`,
  );
  const record = db.prepare(
    `UPDATE delivery SET attempt = ?, state = ?, next_at = ?, claimed_until = 0, last_status = ?, last_problem = ?, ended_at = ?
     WHERE id = ? AND state = 'pending'`, // what has ended stays so, whatever a late attempt reports
  );
  const eventOf = eventReader(db);
  const endpointOf = endpointReader(db);

  return {
    claimDeliveries: ({ perEndpoint, lease, now }) => {
      if (waiting.all(now).length === 0) return [];
      return db.transaction(() =>
        (waiting.all(now) as EndpointRow[]).flatMap((endpoint) => {
          const room = perEndpoint - Number(inFlight.get(endpoint.id, now)?.['n']);
          if (room <= 0) return [];
          const rows = claim.all(now + lease, endpoint.id, now, room) as DeliveryRow[];
          return rows.map(
            (row): Delivery => ({
              id: db.ids.delivery.encode(row.id, row.created_at) as DeliveryId,
              endpoint: endpointOf(endpoint),
              event: eventOf(row.event, now),
              attempt: row.attempt + 1,
            }),
          );
        }),
      );
    },
    recordAttempts: (outcomes) =>
      db.transaction(() => {
        for (const { id, attempt, status, problem, retry_at, now } of outcomes) {
          const state = problem === undefined ? 'delivered' : retry_at === undefined ? 'failed' : 'pending';
          const ended = state === 'pending' ? null : now;
          record.run(
            attempt,
            state,
            retry_at ?? now,
            status ?? null,
            problem ?? null,
            ended,
            db.ids.delivery.decode(id)?.row ?? 0,
          );
        }
      }),
  };
}
