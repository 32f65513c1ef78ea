import type { PolicyId } from '../../domain/ids.ts';
import type { RowOutcome } from '../../domain/import.ts';
import type { ImportStore } from '../import-store.ts';
import { modeBit } from './bits.ts';
import { importRows } from './claims.ts';
import type { Database } from './connection.ts';
import { keyText } from './keys.ts';
import type { Methods } from './methods.ts';
import { policyNumber } from './policies.ts';

type ChunkRow = { first_row: number; last_row: number; policy_from: number; policy_to: number };
type PolicyRow = {
  id: number;
  mode: number;
  key: string | Uint8Array;
  row: number;
  line: number;
  created_at: number;
  policy_number: string;
};
type OutcomeRow = { row: number; line: number; key: string; rejection: string | null } & Pick<
  PolicyRow,
  'id' | 'mode' | 'created_at' | 'policy_number'
>;

/** What became of the rows of a chunk: its policies by their contiguous ids, and the outcomes that are no policy. */
export function outcomeMethods(db: Database): Pick<Methods<ImportStore>, 'outcomes'> {
  const rowOf = importRows(db);
  const chunkAt = db.prepare('SELECT * FROM import_chunk WHERE import = ? AND chunk = ?');
  const created = db.prepare(
    `SELECT policy.id, policy.mode, policy.key, policy.row, policy.line, policy.created_at, product_version.policy_number
     FROM policy JOIN shape ON shape.id = policy.shape JOIN product_version ON product_version.id = shape.product_version
     WHERE policy.id BETWEEN ? AND ?`,
  );
  const others = db.prepare(
    `SELECT row_outcome.row, row_outcome.line, row_outcome.key, rejection, policy.id, policy.mode, policy.created_at, product_version.policy_number
     FROM row_outcome LEFT JOIN policy ON policy.id = row_outcome.policy LEFT JOIN shape ON shape.id = policy.shape
       LEFT JOIN product_version ON product_version.id = shape.product_version
     WHERE row_outcome.import = ? AND row_outcome.row BETWEEN ? AND ?`,
  );

  function withPolicy(
    outcome: 'created' | 'duplicate',
    row: number,
    line: number,
    idempotency_key: string,
    policy: Pick<PolicyRow, 'id' | 'mode' | 'created_at' | 'policy_number'>,
  ): RowOutcome {
    const policy_id = db.ids.policy.encode(
      policy.id,
      policy.created_at,
      policy.mode === modeBit('live'),
    ) as PolicyId;
    const policy_number = policyNumber(policy.policy_number, policy.id, policy.mode);
    return { row, line, idempotency_key, outcome, policy_id, policy_number };
  }

  function other(row: OutcomeRow): RowOutcome {
    if (row.rejection === null) return withPolicy('duplicate', row.row, row.line, row.key, row);
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

  return {
    outcomes: (id, chunk, only) => {
      const row = rowOf(id);
      const range = chunkAt.get(row, chunk) as ChunkRow | undefined;
      if (!range) return undefined;
      const rest = (others.all(row, range.first_row, range.last_row) as OutcomeRow[]).map(other);
      if (only === 'rejected') return rest.filter((one) => one.outcome === 'rejected');
      const policies = (created.all(range.policy_from, range.policy_to) as PolicyRow[]).map((policy) =>
        withPolicy('created', policy.row, policy.line, keyText(policy.key), policy),
      );
      if (rest.length === 0) return policies;
      return [...policies, ...rest].sort((a, b) => a.row - b.row);
    },
  };
}
