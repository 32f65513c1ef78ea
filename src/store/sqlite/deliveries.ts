import type { Endpoint } from '../../domain/event.ts';
import type { DeliveryId, EndpointId } from '../../domain/ids.ts';
import type { Delivery, DeliveryStore } from '../delivery-store.ts';
import { accountRow } from './accounts.ts';
import { eventBits, eventsOf, modeBits, modesOf } from './bits.ts';
import type { Database } from './connection.ts';
import { eventReader } from './event-record.ts';
import type { Methods } from './methods.ts';

type EndpointRow = {
  id: number;
  account_name: string;
  url: string;
  events: number;
  modes: number;
  secret: string;
  created_at: number;
};
type DeliveryRow = { id: number; event: number; attempt: number; created_at: number };

const ENDPOINTS =
  'SELECT endpoint.*, account.name AS account_name FROM endpoint JOIN account ON account.id = endpoint.account';

export function deliveryMethods(db: Database): Methods<DeliveryStore> {
  const insert = db.prepare(
    'INSERT INTO endpoint (account, url, events, modes, secret, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id',
  );
  const byId = db.prepare(`${ENDPOINTS} WHERE endpoint.id = ?`);
  const ofAccount = db.prepare(
    `${ENDPOINTS} WHERE endpoint.account = ? AND removed_at IS NULL ORDER BY endpoint.id`,
  );
  const remove = db.prepare(
    'UPDATE endpoint SET removed_at = ? WHERE id = ? AND created_at = ? AND account = ? AND removed_at IS NULL',
  );
  const giveUp = db.prepare(
    `UPDATE delivery SET state = 'failed', claimed_until = 0, last_problem = 'the endpoint was removed', ended_at = ?
     WHERE endpoint = ? AND state = 'pending'`,
  );
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

  const endpointOf = (row: EndpointRow): Endpoint => ({
    id: db.ids.endpoint.encode(row.id, row.created_at) as EndpointId,
    account: row.account_name,
    url: row.url,
    events: eventsOf(row.events),
    modes: modesOf(row.modes),
    secret: row.secret,
    created_at: row.created_at,
  });

  return {
    addEndpoint: ({ account, url, events, modes, secret, now }) => {
      const bits = [eventBits(events), modeBits(modes)] as const;
      const id = insert.get(accountRow(db, account), url, ...bits, secret, now)?.['id'];
      return endpointOf(byId.get(Number(id)) as EndpointRow);
    },
    endpoints: (account) => (ofAccount.all(accountRow(db, account)) as EndpointRow[]).map(endpointOf),
    removeEndpoint: (account, id, now) =>
      db.transaction(() => {
        const decoded = db.ids.endpoint.decode(id);
        if (!decoded) return false;
        const removed =
          remove.run(now, decoded.row, decoded.created_at, accountRow(db, account)).changes === 1;
        if (removed) giveUp.run(now, decoded.row);
        return removed;
      }),
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
