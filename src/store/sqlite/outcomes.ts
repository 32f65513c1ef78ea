import type { ImportId } from '../../domain/ids.ts';
import type { RowOutcome } from '../../domain/import.ts';
import type { ImportStore } from '../import-store.ts';
import { importRows } from './claims.ts';
import type { Database } from './connection.ts';
import { KEY_TEXT } from './keys.ts';
import type { Methods } from './methods.ts';
import { policyOutcome, ReportLines, type ShownPolicy } from './report.ts';

type ChunkRow = { first_row: number; last_row: number; policy_from: number; policy_to: number };
type PolicyRow = { row: number; line: number; key: string } & ShownPolicy;
type OutcomeRow = PolicyRow & { rejection: string | null };

/** What became of the rows of a chunk: its policies by their contiguous ids, and the outcomes that are no policy. */
export function outcomeMethods(db: Database): Pick<Methods<ImportStore>, 'outcomes' | 'reportChunk'> {
  const rowOf = importRows(db);
  const chunkAt = db.prepare('SELECT * FROM import_chunk WHERE import = ? AND chunk = ?');
  const created = db.prepare(
    `SELECT policy.id, policy.mode, ${KEY_TEXT} AS key, policy.row, policy.line, policy.created_at, product_version.policy_number
     FROM policy JOIN shape ON shape.id = policy.shape JOIN product_version ON product_version.id = shape.product_version
     WHERE policy.id BETWEEN ? AND ?`,
  );
  const others = db.prepare(
    `SELECT row_outcome.row, row_outcome.line, row_outcome.key, rejection, policy.id, policy.mode, policy.created_at, product_version.policy_number
     FROM row_outcome LEFT JOIN policy ON policy.id = row_outcome.policy LEFT JOIN shape ON shape.id = policy.shape
       LEFT JOIN product_version ON product_version.id = shape.product_version
     WHERE row_outcome.import = ? AND row_outcome.row BETWEEN ? AND ?`,
  );

  function other(row: OutcomeRow): RowOutcome {
    if (row.rejection === null) return policyOutcome(db, 'duplicate', row, row);
    const { integration_id, errors, offset, length } = JSON.parse(row.rejection);
    const bytes = { offset, length };
    return {
      row: row.row,
      line: row.line,
      idempotency_key: row.key,
      outcome: 'rejected',
      integration_id,
      errors,
      bytes,
    };
  }

  /** The outcomes of a chunk in the order of its rows; undefined when there is no such chunk. */
  function rowsOf(id: ImportId, chunk: number): Iterable<RowOutcome> | undefined {
    const row = rowOf(id);
    const range = chunkAt.get(row, chunk) as ChunkRow | undefined;
    if (!range) return undefined;
    const rest = others.all(row, range.first_row, range.last_row) as OutcomeRow[];
    const policies = created.iterate(range.policy_from, range.policy_to) as Iterable<PolicyRow>;
    return inRowOrder(policies, rest);
  }

  function* inRowOrder(policies: Iterable<PolicyRow>, rest: readonly OutcomeRow[]): Generator<RowOutcome> {
    let next = 0;
    for (const policy of policies) {
      for (let one = rest[next]; one && one.row < policy.row; one = rest[++next]) yield other(one);
      yield policyOutcome(db, 'created', policy, policy);
    }
    for (const one of rest.slice(next)) yield other(one);
  }

  return {
    outcomes: (id, chunk, only) => {
      const rows = rowsOf(id, chunk);
      return rows && [...rows].filter((outcome) => only === undefined || outcome.outcome === only);
    },
    reportChunk: (id, chunk) => {
      const rows = rowsOf(id, chunk);
      if (!rows) return undefined;
      const report = new ReportLines();
      for (const outcome of rows) report.add(outcome);
      return report.whole();
    },
  };
}
