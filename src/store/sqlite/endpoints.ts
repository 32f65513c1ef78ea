import { type Endpoint, MAX_ENDPOINTS } from '../../domain/endpoint.ts';
import type { AccountId, EndpointId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { EndpointStore } from '../endpoint-store.ts';
import { accountRow } from './accounts.ts';
import { eventBits, eventsOf, modeBits, modesOf } from './bits.ts';
import type { Database } from './connection.ts';
import { endpointSecrets } from './endpoint-secrets.ts';
import type { Methods } from './methods.ts';

export type EndpointRow = {
  id: number;
  account_name: string;
  url: string;
  description: string;
  events: number;
  modes: number;
  batch: number;
  paused_at: number | null;
  failing_since: number | null;
  disabled_at: number | null;
  disabled_problem: string | null;
  created_at: number;
};

/** Rows for `endpointReader`. */
export const ENDPOINTS =
  'SELECT endpoint.*, account.name AS account_name FROM endpoint JOIN account ON account.id = endpoint.account';

/** Makes the endpoint of a row, with its secrets. */
export function endpointReader(db: Database): (row: EndpointRow) => Endpoint {
  const secrets = endpointSecrets(db);
  return (row) => ({
    id: db.ids.endpoint.encode(row.id, row.created_at) as EndpointId,
    account: row.account_name,
    url: row.url,
    description: row.description,
    events: eventsOf(row.events),
    modes: modesOf(row.modes),
    secrets: secrets.of(row.id),
    batch: row.batch,
    paused_at: row.paused_at ?? undefined,
    failing_since: row.failing_since ?? undefined,
    disabled:
      row.disabled_at === null ? undefined : { at: row.disabled_at, problem: row.disabled_problem ?? '' },
    created_at: row.created_at,
  });
}

export function endpointMethods(db: Database): Methods<EndpointStore> {
  const { of: _, put, removeAll, ...secrets } = endpointSecrets(db);
  const endpointOf = endpointReader(db);
  const next = db.prepare('SELECT ifnull(max(id), 0) + 1 AS id FROM endpoint');
  const insert = db.prepare(
    `INSERT INTO endpoint (id, account, url, description, events, modes, secret, batch, created_at)
     VALUES (?, ?, ?, ?, ?, ?, '', ?, ?) ON CONFLICT DO NOTHING`,
  );
  const count = db.prepare('SELECT count(*) AS n FROM endpoint WHERE account = ? AND removed_at IS NULL');
  const endpoints = `${ENDPOINTS} WHERE endpoint.account = ? AND removed_at IS NULL`;
  const ofAccount = db.prepare(`${endpoints} ORDER BY endpoint.id`);
  const byId = db.prepare(`${endpoints} AND endpoint.id = ? AND endpoint.created_at = ?`);
  const remove = db.prepare('UPDATE endpoint SET removed_at = ? WHERE id = ?');
  const giveUp = db.prepare(
    `UPDATE delivery SET state = 'failed', claimed_until = 0, last_problem = 'the endpoint was removed', ended_at = ?
     WHERE endpoint = ? AND state = 'pending'`,
  );

  const endReplays = db.prepare(
    "UPDATE replay SET state = 'cancelled', ended_at = ? WHERE endpoint = ? AND state = 'running'",
  );
  const update = db.prepare(
    'UPDATE endpoint SET url = ?, description = ?, events = ?, modes = ?, batch = ? WHERE id = ?',
  );
  const forgetFailures = db.prepare('UPDATE endpoint SET failing_since = NULL, probe_at = 0 WHERE id = ?');
  const pause = db.prepare('UPDATE endpoint SET paused_at = ifnull(paused_at, ?) WHERE id = ?');
  const resume = db.prepare(
    'UPDATE endpoint SET paused_at = NULL, disabled_at = NULL, disabled_problem = NULL WHERE id = ?',
  );
  const waiting = db.prepare(
    "SELECT ifnull(sum(count), 0) AS n FROM delivery WHERE endpoint = ? AND state = 'pending'",
  );
  const offerAgain = db.prepare(
    `UPDATE delivery SET next_at = ?1 WHERE endpoint = ?2 AND state = 'pending' AND next_at > ?1 AND claimed_until <= ?1`,
  );

  function rowOf(account: AccountId, id: EndpointId): EndpointRow | undefined {
    const decoded = db.ids.endpoint.decode(id);
    if (!decoded) return undefined;
    return byId.get(accountRow(db, account), decoded.row, decoded.created_at) as EndpointRow | undefined;
  }

  function found(account: AccountId, id: EndpointId): Endpoint | undefined {
    const row = rowOf(account, id);
    return row && endpointOf(row);
  }

  /** As if it had never failed: all that waits is due at once. */
  function startAnew({ id }: EndpointRow, now: number): void {
    forgetFailures.run(id);
    offerAgain.run(now, id);
  }

  function change(account: AccountId, id: EndpointId, work: (row: EndpointRow) => unknown) {
    return db.transaction(() => {
      const row = rowOf(account, id);
      if (row) work(row);
      return found(account, id);
    });
  }

  return {
    nextEndpointId: (now) => db.ids.endpoint.encode(Number(next.get()?.['id']), now) as EndpointId,
    addEndpoint: ({ id, account, url, description, events, modes, batch, secrets: sealed }) =>
      db.transaction(() => {
        const { row, created_at } = endpointRow(db, id);
        const owner = accountRow(db, account);
        if (Number(count.get(owner)?.['n']) >= MAX_ENDPOINTS) return tooMany();
        const bits = [eventBits(events), modeBits(modes)] as const;
        const added = insert.run(row, owner, url, description, ...bits, batch, created_at);
        if (added.changes === 0) return refused('id_taken', 'Another endpoint was added at the same moment.');
        put(row, sealed, created_at);
        return ok(endpointOf(byId.get(owner, row, created_at) as EndpointRow));
      }),
    endpoints: (account) => (ofAccount.all(accountRow(db, account)) as EndpointRow[]).map(endpointOf),
    endpoint: found,
    updateEndpoint: (account, id, changes, now) =>
      change(account, id, (row) => {
        const { url, description, events, modes, batch } = { ...endpointOf(row), ...changes };
        update.run(url, description, eventBits(events), modeBits(modes), batch, row.id);
        if (url !== row.url) startAnew(row, now);
      }),
    pauseEndpoint: (account, id, now) => change(account, id, (row) => pause.run(now, row.id)),
    resumeEndpoint: (account, id, now) =>
      change(account, id, (row) => {
        resume.run(row.id);
        startAnew(row, now);
      }),
    waitingEvents: (id) => Number(waiting.get(endpointRow(db, id).row)?.['n']),
    removeEndpoint: (account, id, now) =>
      db.transaction(() => {
        const row = rowOf(account, id);
        if (!row) return false;
        remove.run(now, row.id);
        giveUp.run(now, row.id);
        endReplays.run(now, row.id);
        removeAll(row.id);
        return true;
      }),
    ...secrets,
  };
}

/** The integer of an endpoint that the caller got from this store, and when it was made. */
export function endpointRow(db: Database, id: EndpointId) {
  const decoded = db.ids.endpoint.decode(id);
  if (!decoded) throw new Error(`${id} is no endpoint id`);
  return decoded;
}

function tooMany() {
  return refused(
    'too_many_endpoints',
    `An account can have ${MAX_ENDPOINTS} endpoints. Remove one that is not needed any more.`,
  );
}
