import type { Event } from '../../domain/event.ts';
import type { EventId } from '../../domain/ids.ts';
import { eventsOf, modeOf } from './bits.ts';
import type { Database } from './connection.ts';
import { IMPORTS, type ImportRow, importOf } from './import-record.ts';
import { type PolicyRow, policiesAt, policyOf } from './policy-record.ts';

type EventRow = {
  id: number;
  mode: number;
  type: number;
  import: number;
  first_policy: number | null;
  revision: number | null;
  row: number | null;
  detail: string | null;
  created_at: number;
};

/** Looks up the event of a number, with what it is about: an import as that is `now`, a policy as the event left it. */
export function eventReader(db: Database): (number: number, now: number) => Event {
  const eventAt = db.prepare('SELECT * FROM event WHERE id <= ? ORDER BY id DESC LIMIT 1');
  const policyAt = db.prepare(`${policiesAt('?2')} WHERE policy.id = ?1`);
  const importAt = db.prepare(`${IMPORTS} WHERE import.id = ?`);
  const outcomeAt = db.prepare('SELECT * FROM row_outcome WHERE import = ? AND row = ?');
  return (number, now) => {
    const row = eventAt.get(number) as EventRow;
    const [type] = eventsOf(row.type);
    const head = {
      id: db.ids.event.encode(number, row.created_at) as EventId,
      mode: modeOf(row.mode),
      created_at: row.created_at,
    };
    if (type === 'policy.created' || type === 'policy.updated') {
      const policy = policyAt.get((row.first_policy ?? 0) + number - row.id, row.revision ?? 1);
      return { ...head, type, policy: policyOf(db, policy as PolicyRow) };
    }
    if (type === 'endpoint.disabled') return { ...head, type, endpoint: JSON.parse(row.detail ?? '') };
    const whole = importOf(db, importAt.get(row.import) as ImportRow, now);
    if (type !== 'policy.rejected') return { ...head, type: type as 'import.completed', import: whole };
    const outcome = outcomeAt.get(row.import, row.row) as {
      row: number;
      line: number;
      key: string;
      rejection: string;
    };
    const { integration_id, errors } = JSON.parse(outcome.rejection);
    const rejection = {
      row: outcome.row,
      line: outcome.line,
      idempotency_key: outcome.key,
      integration_id,
      errors,
    };
    return { ...head, type, import: whole, rejection };
  };
}
