// What becomes of a policy after it was bought. The row in `policy` stays as it was bought, so that its first event shows it so whenever it is
// sent; each change is a revision with the whole state after it.
import type { ImportId } from '../../domain/ids.ts';
import type { Policy } from '../../domain/policy.ts';
import {
  type Actor,
  type Agent,
  changeRefused,
  changesBetween,
  type PolicyAction,
  type PolicyChange,
  type Revision,
} from '../../domain/policy-change.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { PolicyStore } from '../policy-store.ts';
import type { Database } from './connection.ts';
import { eventWriter } from './events.ts';
import type { Methods } from './methods.ts';
import { policyRows } from './policies.ts';
import { POLICIES, type PolicyRow, policyOf } from './policy-record.ts';
import { shapeTable } from './shapes.ts';

type RevisionRow = {
  revision: number;
  action: PolicyAction;
  actor_kind: Agent['kind'];
  actor: string;
  changes: string;
  at: number;
};

export function revisionMethods(db: Database): Pick<Methods<PolicyStore>, 'policyHistory' | 'changePolicy'> {
  const rowOf = policyRows(db);
  const shapes = shapeTable(db);
  const writeEvents = eventWriter(db);
  const policyAt = db.prepare(`${POLICIES} WHERE policy.id = ?`);
  const revisions = db.prepare(
    'SELECT revision, action, actor_kind, actor, changes, at FROM policy_revision WHERE policy = ? ORDER BY revision',
  );
  const insert = db.prepare('INSERT INTO policy_revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');

  const current = (row: number) => policyAt.get(row) as PolicyRow;

  /** The row as it would be read after the change. */
  function changed(row: PolicyRow, change: PolicyChange, now: number): PolicyRow {
    const next = { ...row, revision: row.revision + 1, updated_at: now };
    switch (change.action) {
      case 'updated': {
        const { start_day, end_day, values: leaves } = change;
        return { ...next, paths: JSON.stringify(change.paths), leaves, start_day, end_day };
      }
      case 'cancelled':
        return { ...next, cancellation: change.reason, termination_date: change.termination_date ?? null };
      case 'reactivated':
        return { ...next, cancellation: null, termination_date: null };
    }
  }

  function shapeOf(row: PolicyRow, change: PolicyChange): number {
    if (change.action !== 'updated') return row.shape;
    const { product: product_id, version: product_version, integration: integration_id } = row;
    return shapes({ product_id, product_version, integration_id, paths: change.paths });
  }

  function firstRevision(policy: Policy): Revision[] {
    const { import_id, row, created_at: at } = policy;
    if (import_id === undefined || row === undefined) return []; // bought over REST: it stands in the table
    const actor: Actor = { kind: 'import', import_id: import_id as ImportId, row };
    return [{ revision: 1, action: 'created', actor, changes: [], at }];
  }

  return {
    policyHistory: (id) =>
      db.read(() => {
        const row = rowOf(id);
        if (row === undefined) return undefined;
        const later = (revisions.all(row) as RevisionRow[]).map(revisionOf);
        return [...firstRevision(policyOf(db, current(row))), ...later];
      }),
    changePolicy: ({ id, expected, change, actor, now }) =>
      db.transaction(() => {
        const number = rowOf(id);
        if (number === undefined) return refused('absent', `There is no policy ${id}.`);
        const row = current(number);
        const before = policyOf(db, row);
        const refusal = changeRefused(before, expected, change);
        if (refusal) return refusal;
        const next = changed(row, change, now);
        const changes = changesBetween(before, policyOf(db, next));
        if (changes.length === 0) return ok(before);
        insert.run(
          number,
          next.revision,
          change.action,
          actor.kind,
          actor.name,
          JSON.stringify(changes),
          shapeOf(row, change),
          next.leaves,
          next.start_day,
          next.end_day,
          next.cancellation,
          next.termination_date,
          now,
        );
        const { account, mode } = row;
        const { revision } = next;
        writeEvents({ account, mode, type: 'policy.updated', first_policy: number, count: 1, revision, now });
        return ok(policyOf(db, current(number)));
      }),
  };
}

function revisionOf({ revision, action, actor_kind, actor, changes, at }: RevisionRow): Revision {
  return { revision, action, actor: { kind: actor_kind, name: actor }, changes: JSON.parse(changes), at };
}
