import { type EndpointHealth, healthAfter } from '../../domain/endpoint-health.ts';
import type { EndpointId } from '../../domain/ids.ts';
import type { DeliveryOutcome, DeliveryStore, Disabled } from '../delivery-store.ts';
import { modeBits, modesOf } from './bits.ts';
import type { Database } from './connection.ts';
import { eventWriter } from './events.ts';
import type { Methods } from './methods.ts';

type EndpointRow = {
  id: number;
  account: number;
  account_name: string;
  url: string;
  modes: number;
  failing_since: number | null;
  probe_at: number;
  created_at: number;
};

/** `recordAttempts` of the store. */
export function recordAttemptMethods(db: Database): Pick<Methods<DeliveryStore>, 'recordAttempts'> {
  const record = db.prepare(
    `UPDATE delivery SET attempt = ?, state = ?, next_at = ?, claimed_until = 0, last_status = ?, last_problem = ?,
       last_ms = ?, ended_at = ? WHERE id = ? AND state = 'pending' RETURNING endpoint`, // what has ended stays so, whatever a late attempt reports
  );
  const insertFailed = db.prepare('INSERT OR REPLACE INTO failed_attempt VALUES (?, ?, ?, ?, ?, ?, ?)');
  const endpointAt = db.prepare(
    `SELECT endpoint.*, account.name AS account_name FROM endpoint JOIN account ON account.id = endpoint.account
     WHERE endpoint.id = ? AND disabled_at IS NULL`,
  );
  const setHealth = db.prepare('UPDATE endpoint SET failing_since = ?, probe_at = ? WHERE id = ?');
  const disable = db.prepare('UPDATE endpoint SET disabled_at = ?, disabled_problem = ? WHERE id = ?');
  const writeEvents = eventWriter(db);

  /** The integer of the endpoint; undefined when the delivery has ended before. */
  function keep(outcome: DeliveryOutcome): number | undefined {
    const { attempt, status = null, problem, response = null, ms, retry_at, now } = outcome;
    const id = db.ids.delivery.decode(outcome.id)?.row ?? 0;
    const state = problem === undefined ? 'delivered' : retry_at === undefined ? 'failed' : 'pending';
    const ended = state === 'pending' ? null : now;
    const kept = record.get(attempt, state, retry_at ?? now, status, problem ?? null, ms, ended, id);
    if (kept && problem !== undefined) insertFailed.run(id, attempt, now - ms, ms, status, problem, response);
    return kept && Number(kept['endpoint']);
  }

  /** Judges an endpoint by attempts that ended together; a change of it is rare. */
  function judge(id: number, trials: readonly DeliveryOutcome[]): Disabled[] {
    const row = endpointAt.get(id) as EndpointRow | undefined;
    if (!row) return [];
    const before: EndpointHealth = {
      failing_since: row.failing_since ?? undefined,
      probe_at: row.probe_at,
    };
    const { failing_since, probe_at, disabled: problem } = healthAfter(before, trials);
    if (failing_since !== before.failing_since || probe_at !== before.probe_at)
      setHealth.run(failing_since ?? null, probe_at, id);
    if (problem === undefined) return [];
    const now = Math.max(...trials.map((trial) => trial.now));
    const endpoint = db.ids.endpoint.encode(id, row.created_at) as EndpointId;
    disable.run(now, problem, id);
    const detail = JSON.stringify({ id: endpoint, url: row.url, problem });
    for (const mode of modesOf(row.modes).map((one) => modeBits([one])))
      writeEvents({ account: row.account, mode, type: 'endpoint.disabled', endpoint: id, detail, now });
    return [{ account: row.account_name, endpoint, problem }];
  }

  return {
    recordAttempts: (outcomes) =>
      db.transaction(() => {
        const trials = new Map<number, DeliveryOutcome[]>();
        for (const outcome of outcomes) {
          const endpoint = keep(outcome);
          if (endpoint === undefined) continue;
          trials.set(endpoint, [...(trials.get(endpoint) ?? []), outcome]);
        }
        return [...trials].flatMap(([endpoint, its]) => judge(endpoint, its));
      }),
  };
}
