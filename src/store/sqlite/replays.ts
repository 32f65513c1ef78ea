import type { EndpointId, ReplayId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { Replay } from '../../domain/replay.ts';
import type { ReplayStore } from '../replay-store.ts';
import { accountRow } from './accounts.ts';
import { eventBits, eventsOf } from './bits.ts';
import type { Database } from './connection.ts';
import { endpointRow } from './endpoints.ts';
import type { Methods } from './methods.ts';

type ReplayRow = {
  id: number;
  account_name: string;
  endpoint: number;
  endpoint_created_at: number;
  what: Replay['what'];
  types: number;
  since: number;
  until: number;
  state: Replay['state'];
  total: number;
  done: number;
  created_at: number;
  ended_at: number | null;
};

const REPLAYS = `SELECT replay.*, account.name AS account_name, endpoint.created_at AS endpoint_created_at FROM replay
  JOIN endpoint ON endpoint.id = replay.endpoint JOIN account ON account.id = endpoint.account`;

type ReplayMethods = Pick<
  Methods<ReplayStore>,
  'countReplay' | 'startReplay' | 'replays' | 'replay' | 'cancelReplay'
>;

/** Replays as jobs; replay-steps.ts does their work. */
export function replayMethods(db: Database): ReplayMethods {
  const countFailed = db.prepare(
    `SELECT ifnull(sum(count), 0) AS n FROM delivery WHERE endpoint = ?1 AND state = 'failed' AND ended_at >= ?2 AND ended_at < ?3
       AND (SELECT type FROM event WHERE id <= delivery.event ORDER BY id DESC LIMIT 1) & ?4`,
  );
  const countEvents = db.prepare(
    `SELECT ifnull(sum(count), 0) AS n FROM event JOIN endpoint ON endpoint.account = event.account
     WHERE endpoint.id = ?1 AND event.mode & endpoint.modes AND event.type & endpoint.events & ?4
       AND event.endpoint IS NOT endpoint.id AND event.created_at >= ?2 AND event.created_at < ?3`,
  );
  const isTheirs = db.prepare(
    'SELECT 1 FROM endpoint WHERE id = ? AND created_at = ? AND account = ? AND removed_at IS NULL',
  );
  const insert = db.prepare(
    `INSERT INTO replay (endpoint, what, types, since, until, state, position, horizon, total, created_at)
     VALUES (?, ?, ?, ?, ?, 'running', 0, ifnull((SELECT max(id) FROM event), 0), ?, ?) RETURNING id`,
  );
  const byId = db.prepare(`${REPLAYS} WHERE replay.id = ? AND replay.created_at = ?`);
  const ofAccount = db.prepare(`${REPLAYS} WHERE endpoint.account = ? ORDER BY replay.id DESC LIMIT ?`);
  const cancel = db.prepare(
    "UPDATE replay SET state = 'cancelled', ended_at = ? WHERE id = ? AND state = 'running'",
  );

  const replayOf = (row: ReplayRow): Replay => ({
    id: db.ids.replay.encode(row.id, row.created_at) as ReplayId,
    account: row.account_name,
    endpoint: db.ids.endpoint.encode(row.endpoint, row.endpoint_created_at) as EndpointId,
    what: row.what,
    types: eventsOf(row.types),
    since: row.since,
    until: row.until,
    state: row.state,
    total: row.total,
    done: row.done,
    created_at: row.created_at,
    ended_at: row.ended_at ?? undefined,
  });

  function found(id: ReplayId): { row: number; replay: Replay } | undefined {
    const { row = 0, created_at = 0 } = db.ids.replay.decode(id) ?? {};
    const replay = byId.get(row, created_at) as ReplayRow | undefined;
    return replay && { row, replay: replayOf(replay) };
  }

  return {
    countReplay: (endpoint, { what, since, until, types }) => {
      const count = what === 'failed' ? countFailed : countEvents;
      return Number(count.get(endpointRow(db, endpoint).row, since, until, eventBits(types))?.['n']);
    },
    startReplay: (account, endpoint, { what, types, since, until, total, now }) =>
      db.transaction(() => {
        const { row, created_at } = db.ids.endpoint.decode(endpoint) ?? { row: 0, created_at: 0 };
        if (!isTheirs.get(row, created_at, accountRow(db, account)))
          return refused('unknown_endpoint', `There is no endpoint ${endpoint}.`);
        const id = Number(insert.get(row, what, eventBits(types), since, until, total, now)?.['id']);
        return ok(replayOf(byId.get(id, now) as ReplayRow));
      }),
    replays: (account, limit) => (ofAccount.all(accountRow(db, account), limit) as ReplayRow[]).map(replayOf),
    replay: (id) => found(id)?.replay,
    cancelReplay: (id, now) =>
      db.transaction(() => {
        const one = found(id);
        if (!one) return refused('unknown_replay', `There is no replay ${id}.`);
        if (cancel.run(now, one.row).changes === 0)
          return refused('replay_ended', `The replay ${id} is ${one.replay.state} already.`);
        return ok(found(id)?.replay ?? one.replay);
      }),
  };
}
