import type { DeliveryId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { ReplayStep, ReplayStore } from '../replay-store.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

type JobRow = {
  id: number;
  endpoint: number;
  what: 'failed' | 'events';
  types: number;
  since: number;
  until: number;
  position: number;
  horizon: number;
  account: number;
  modes: number;
  events: number;
};
type Range = { event: number; count: number };
type FailedRow = Range & { id: number; type: number };
type EventRow = {
  id: number;
  count: number;
  account: number;
  mode: number;
  type: number;
  endpoint: number | null;
  created_at: number;
};
/** What a step has found: where it stopped, what is sent again, and whether that was the last. */
type Found = { readonly position: number; readonly ranges: readonly Range[]; readonly isLast: boolean };

/**
 * The work of replays. Each step is a transaction of its own: what is handed to sending and how far the job has come are written
 * together, so that a crash neither loses nor repeats anything.
 */
export function replayStepMethods(
  db: Database,
): Pick<Methods<ReplayStore>, 'stepReplays' | 'replayDelivery'> {
  const running = db.prepare(
    `SELECT replay.*, endpoint.account, endpoint.modes, endpoint.events FROM replay JOIN endpoint ON endpoint.id = replay.endpoint
     WHERE state = 'running' AND removed_at IS NULL ORDER BY replay.id`,
  );
  const due = db.prepare(
    `SELECT ifnull(sum(count), 0) AS n FROM (SELECT count FROM delivery
       WHERE endpoint = ?1 AND state = 'pending' AND next_at <= ?2 LIMIT ?3)`,
  );
  const failed = db.prepare(
    `SELECT id, event, count, (SELECT type FROM event WHERE id <= delivery.event ORDER BY id DESC LIMIT 1) AS type FROM delivery
     WHERE endpoint = ? AND state = 'failed' AND id > ? AND ended_at >= ? AND ended_at < ? ORDER BY id LIMIT ?`,
  );
  const happened = db.prepare(
    'SELECT id, count, account, mode, type, endpoint, created_at FROM event WHERE id > ? AND id <= ? ORDER BY id LIMIT ?',
  );
  const replaced = db.prepare("UPDATE delivery SET state = 'replayed' WHERE id = ? AND state = 'failed'");
  const insert = db.prepare(
    "INSERT INTO delivery (endpoint, event, count, state, next_at, created_at) VALUES (?1, ?2, ?3, 'pending', ?4, ?4) RETURNING id",
  );
  const advance = db.prepare(
    'UPDATE replay SET position = ?, done = done + ?, state = ?, ended_at = ? WHERE id = ?',
  );
  const deliveryAt = db.prepare(
    `SELECT delivery.*, removed_at FROM delivery JOIN endpoint ON endpoint.id = delivery.endpoint
     WHERE delivery.id = ? AND delivery.created_at = ?`,
  );
  const hurry = db.prepare('UPDATE delivery SET next_at = ?1 WHERE id = ?2 AND claimed_until <= ?1');

  function failedOf({ endpoint, position, since, until, types }: JobRow, limit: number, room: number): Found {
    const rows = failed.all(endpoint, position, since, until, limit) as FailedRow[];
    const { wanted, last, isAll } = taken(rows, ({ type }) => (type & types) !== 0, room);
    for (const { id } of wanted) replaced.run(id);
    return { position: last?.id ?? position, ranges: wanted, isLast: isAll && rows.length < limit };
  }

  function eventsOf(job: JobRow, limit: number, room: number): Found {
    const rows = happened.all(job.position, job.horizon, limit) as EventRow[];
    const { wanted, last, isAll } = taken(
      rows,
      ({ account, mode, type, endpoint, created_at }) =>
        account === job.account &&
        (mode & job.modes) !== 0 &&
        (type & job.events & job.types) !== 0 &&
        endpoint !== job.endpoint && // it is not told of itself
        created_at >= job.since &&
        created_at < job.until,
      room,
    );
    const isLast = isAll && rows.length < limit;
    return { position: last?.id ?? job.position, ranges: joined(wanted), isLast };
  }

  function step(job: JobRow, { now, rows, waiting }: ReplayStep): boolean {
    const room = waiting - Number(due.get(job.endpoint, now, waiting)?.['n']);
    if (room <= 0) return false;
    const find = job.what === 'failed' ? failedOf : eventsOf;
    const { position, ranges, isLast } = find(job, rows, room);
    let done = 0;
    for (const { event, count } of ranges) {
      insert.get(job.endpoint, event, count, now);
      done += count;
    }
    advance.run(position, done, isLast ? 'completed' : 'running', isLast ? now : null, job.id);
    return !isLast;
  }

  return {
    stepReplays: (limits) => {
      if (!running.get()) return false; // most looks find nothing; they must not cost a write lock
      const more = (running.all() as JobRow[]).map((job) => db.transaction(() => step(job, limits)));
      return more.some(Boolean);
    },
    replayDelivery: (id, now) =>
      db.transaction(() => {
        const { row = 0, created_at = 0 } = db.ids.delivery.decode(id) ?? {};
        const found = deliveryAt.get(row, created_at) as
          | (Range & { endpoint: number; state: string; removed_at: number | null })
          | undefined;
        if (!found) return refused('unknown_delivery', `There is no delivery ${id}.`);
        if (found.removed_at !== null)
          return refused('endpoint_removed', `The endpoint of ${id} has been removed.`);
        if (found.state === 'pending') {
          hurry.run(now, row);
          return ok(id);
        }
        replaced.run(row);
        const again = Number(insert.get(found.endpoint, found.event, found.count, now)?.['id']);
        return ok(db.ids.delivery.encode(again, now) as DeliveryId);
      }),
  };
}

/** Of rows those that are wanted, until they hold `room` events; `last` is the last that was looked at. */
function taken<Row extends { readonly count: number }>(
  rows: readonly Row[],
  isWanted: (row: Row) => boolean,
  room: number,
) {
  const wanted: Row[] = [];
  let events = 0;
  let last: Row | undefined;
  for (const row of rows) {
    if (events >= room) return { wanted, last, isAll: false };
    last = row;
    if (!isWanted(row)) continue;
    wanted.push(row);
    events += row.count;
  }
  return { wanted, last, isAll: true };
}

/** Events that follow each other and are alike become one delivery, as when they happened. */
function joined(rows: readonly EventRow[]): Range[] {
  const ranges: (Range & { mode: number; type: number })[] = [];
  for (const { id, count, mode, type } of rows) {
    const last = ranges.at(-1);
    if (last && last.event + last.count === id && last.mode === mode && last.type === type)
      last.count += count;
    else ranges.push({ event: id, count, mode, type });
  }
  return ranges;
}
