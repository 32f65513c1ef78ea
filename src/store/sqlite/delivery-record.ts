import type { DeliveryId, EndpointId, EventId } from '../../domain/ids.ts';
import type { DeliveryRecord, DeliveryStore } from '../delivery-store.ts';
import { accountRow } from './accounts.ts';
import { eventsOf } from './bits.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

type Row = {
  id: number;
  created_at: number;
  endpoint: number;
  endpoint_created_at: number;
  event: number;
  event_created_at: number;
  type: number;
  count: number;
  state: DeliveryRecord['state'];
  attempt: number;
  last_status: number | null;
  last_problem: string | null;
  next_at: number;
  ended_at: number | null;
};

const DELIVERIES = `SELECT delivery.*, endpoint.created_at AS endpoint_created_at, event.created_at AS event_created_at, event.type
  FROM delivery JOIN endpoint ON endpoint.id = delivery.endpoint
  JOIN event ON event.id = (SELECT id FROM event WHERE id <= delivery.event ORDER BY id DESC LIMIT 1)`;

/** Deliveries as an operator sees them. */
export function deliveryRecordMethods(db: Database): Pick<Methods<DeliveryStore>, 'deliveries' | 'delivery'> {
  const list = db.prepare(
    `${DELIVERIES} WHERE endpoint.account = ?1 AND (?2 = 0 OR endpoint.id = ?2) AND (?3 = '' OR state = ?3)
     ORDER BY delivery.id DESC LIMIT ?4`,
  );
  const byId = db.prepare(`${DELIVERIES} WHERE delivery.id = ? AND delivery.created_at = ?`);

  const recordOf = (row: Row): DeliveryRecord => ({
    id: db.ids.delivery.encode(row.id, row.created_at) as DeliveryId,
    endpoint: db.ids.endpoint.encode(row.endpoint, row.endpoint_created_at) as EndpointId,
    event: db.ids.event.encode(row.event, row.event_created_at) as EventId,
    type: eventsOf(row.type)[0] as DeliveryRecord['type'],
    events: row.count,
    state: row.state,
    attempts: row.attempt,
    status: row.last_status ?? undefined,
    problem: row.last_problem ?? undefined,
    next_at: row.state === 'pending' ? row.next_at : undefined,
    created_at: row.created_at,
    ended_at: row.ended_at ?? undefined,
  });

  return {
    deliveries: ({ account, endpoint, state = '', limit }) => {
      const only = endpoint === undefined ? 0 : (db.ids.endpoint.decode(endpoint)?.row ?? -1);
      return (list.all(accountRow(db, account), only, state, limit) as Row[]).map(recordOf);
    },
    delivery: (id) => {
      const { row = 0, created_at = 0 } = db.ids.delivery.decode(id) ?? {};
      const found = byId.get(row, created_at) as Row | undefined;
      return found && recordOf(found);
    },
  };
}
