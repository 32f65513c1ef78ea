// The heart of the system: one chunk of an import is decided in one transaction, so that a row becomes a policy
// with its outcome, its event and the checkpoint, or none of them.
import type { ImportCounts, RowError } from '../../domain/import.ts';
import { ok, type Refusal } from '../../domain/refusal.ts';
import type { Verdict } from '../../domain/rejection-codes.ts';
import { verdictError } from '../../domain/verdict-error.ts';
import { countOf, type PackedPurchase, purchasesOf, type RejectedRow } from '../chunk-rows.ts';
import type { Chunk, ImportStore } from '../import-store.ts';
import type { Claims, Owner } from './claims.ts';
import type { Database } from './connection.ts';
import { type Earlier, earlierPolicies } from './earlier.ts';
import { eventWriter } from './events.ts';
import { type SlotOf, storedKey } from './keys.ts';
import type { Methods } from './methods.ts';
import { policyNumbers } from './policy-numbers.ts';
import { policyOutcome, ReportLines } from './report.ts';
import { shapeTable } from './shapes.ts';

/** `commitChunk` of the store; `slotOf` is chance, and a test may take its place. */
export function chunkMethods(
  db: Database,
  claims: Claims,
  slotOf: SlotOf,
): Pick<Methods<ImportStore>, 'commitChunk'> {
  const nextPolicy = policyNumbers(db);
  const policies = earlierPolicies(db, slotOf);
  const insertPolicy = db.prepare(
    'INSERT INTO policy VALUES (?, ?, ?, ?, ?, ?, CAST(? AS TEXT), ?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const patternOf = db.prepare(
    'SELECT policy_number FROM shape JOIN product_version ON product_version.id = shape.product_version WHERE shape.id = ?',
  );
  const insertSlot = db.prepare('INSERT INTO policy_key VALUES (?, ?)');
  const insertOutcome = db.prepare('INSERT INTO row_outcome VALUES (?, ?, ?, ?, ?, ?)');
  const insertChunk = db.prepare('INSERT INTO import_chunk VALUES (?, ?, ?, ?, ?, ?)');
  const advance = db.prepare(
    `UPDATE import SET chunks = chunks + 1, rows = ?, byte_offset = ?, line = ?, created = created + ?,
       duplicates = duplicates + ?, rejected = rejected + ?, problem = NULL WHERE id = ? AND rows = ?
     RETURNING chunks, created, duplicates, rejected, rows`,
  );
  const shapes = shapeTable(db);
  const writeEvents = eventWriter(db);

  /** Decides the rows in order; the ids of the policies it makes are contiguous from `first` on. */
  function decide(owner: Owner, { rows, shapes: used, now }: Chunk, first: number) {
    const known = used
      .map(shapes)
      .map((shape) => ({ shape, pattern: String(patternOf.get(shape)?.['policy_number']) }));
    const report = new ReportLines();
    const told: number[] = []; // rows whose rejection is an event
    let next = first;
    let duplicates = 0;
    let rejected = 0; // of those that came so
    let refused = 0; // of the purchases

    function keep(
      row: PackedPurchase | RejectedRow,
      integration_id: string,
      errors: readonly RowError[],
    ): void {
      const bytes = { offset: row.offset, length: row.length };
      const rejection = JSON.stringify({ integration_id, errors, ...bytes });
      insertOutcome.run(owner.import, row.row, row.line, row.key, null, rejection);
      const place = { row: row.row, line: row.line, idempotency_key: row.key };
      report.add({ ...place, outcome: 'rejected', integration_id, errors, bytes });
    }

    const reject: typeof keep = (...args) => {
      keep(...args);
      told.push(args[0].row);
    };
    const rejectBefore = (row: number) => {
      for (let bad = rows.rejected[rejected]; bad && bad.row < row; bad = rows.rejected[++rejected])
        reject(bad, bad.integration_id, bad.errors);
    };

    /** A good row that comes too late. It is no event: a million of them would tell a receiver nothing. */
    function refuseNew(row: PackedPurchase, verdict: Verdict): void {
      keep(row, used[row.shape]?.integration_id ?? '', [verdictError(verdict)]);
      refused++;
    }

    function create(row: PackedPurchase, slot: number): void {
      const kind = known[row.shape];
      if (!kind) throw new Error(`row ${row.row} has no shape`);
      const policy = { id: next++, mode: owner.mode, created_at: now, policy_number: kind.pattern };
      const { key, hash, values, net, tax, start_day, end_day } = row;
      insertSlot.run(slot, policy.id);
      insertPolicy.run(
        policy.id,
        owner.account,
        owner.mode,
        storedKey(key),
        hash,
        kind.shape,
        values,
        net,
        tax,
        start_day,
        end_day,
        owner.import,
        row.row,
        row.line,
        now,
      );
      report.add(policyOutcome(db, 'created', row, policy));
    }

    function repeat(row: PackedPurchase, earlier: Earlier): void {
      if (Buffer.compare(earlier.hash, row.hash) === 0) {
        insertOutcome.run(owner.import, row.row, row.line, row.key, earlier.id, null);
        report.add(policyOutcome(db, 'duplicate', row, earlier));
        duplicates++;
      } else {
        reject(row, used[row.shape]?.integration_id ?? '', [policies.conflict(row.key, earlier.id)]);
        refused++;
      }
    }

    for (const row of purchasesOf(rows)) {
      rejectBefore(row.row);
      const { slot, earlier } = policies.find(owner, row.key);
      if (earlier) repeat(row, earlier);
      else if (owner.verdict) refuseNew(row, owner.verdict);
      else create(row, slot);
    }
    rejectBefore(Number.POSITIVE_INFINITY);
    if (told.length > 0) writeEvents({ ...owner, type: 'policy.rejected', rows: told, now });
    const counts = { created: next - first, duplicates, rejected: rows.rejected.length + refused };
    return { counts, report: report.whole() };
  }

  return {
    commitChunk: (chunk) =>
      db.transaction(() => {
        const claim = claims.prove(chunk.import, chunk.epoch);
        if (!claim.ok) return claim as Refusal<'fenced'>;
        const owner = claim.value;
        const first = nextPolicy();
        const { counts, report } = decide(owner, chunk, first);
        if (counts.created > 0) {
          writeEvents({
            ...owner,
            type: 'policy.created',
            first_policy: first,
            count: counts.created,
            now: chunk.now,
          });
        }
        const { rows, offset, line } = chunk.checkpoint;
        const before = rows - countOf(chunk.rows);
        const advanced = advance.get(
          rows,
          offset,
          line,
          counts.created,
          counts.duplicates,
          counts.rejected,
          owner.import,
          before,
        ) as (ImportCounts & { chunks: number }) | undefined;
        if (!advanced) throw new Error(`a chunk of the rows after ${before} does not follow what is decided`);
        const { chunks, ...total } = advanced;
        insertChunk.run(owner.import, chunks - 1, before + 1, rows, first, first + counts.created - 1);
        return ok({ ...total, report });
      }),
  };
}
