// The heart of the system: one chunk of an import is decided in one transaction, so that a row becomes a policy
// with its outcome, its event and the checkpoint, or none of them.
import type { ImportCounts, RowError } from '../../domain/import.ts';
import { ok, type Refusal } from '../../domain/refusal.ts';
import { verdictError } from '../../domain/verdict-error.ts';
import { countOf, type PackedPurchase, purchasesOf, type RejectedRow } from '../chunk-rows.ts';
import type { Chunk, ImportStore } from '../import-store.ts';
import type { Claims, Owner } from './claims.ts';
import type { Database } from './connection.ts';
import { earlierPolicies } from './earlier.ts';
import { eventWriter } from './events.ts';
import { type SlotOf, storedKey } from './keys.ts';
import type { Methods } from './methods.ts';
import { policyNumbers } from './policy-numbers.ts';
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

  function keep(
    owner: Owner,
    row: PackedPurchase | RejectedRow,
    integration_id: string,
    errors: readonly RowError[],
  ): void {
    const rejection = JSON.stringify({ integration_id, errors, offset: row.offset, length: row.length });
    insertOutcome.run(owner.import, row.row, row.line, row.key, null, rejection);
  }

  /** A good row that comes too late. It is no event: a million of them would tell a receiver nothing. */
  function refuseNew(owner: Owner, row: PackedPurchase, integration_id: string): void {
    if (owner.verdict) keep(owner, row, integration_id, [verdictError(owner.verdict)]);
  }

  /** Decides the rows in order; the ids of the policies it makes are contiguous from `first` on. */
  function decide(owner: Owner, { rows, shapes: used, now }: Chunk, first: number) {
    const shapeIds = used.map(shapes);
    const told: number[] = []; // rows whose rejection is an event
    let next = first;
    let duplicates = 0;
    let rejected = 0; // of those that came so
    let refused = 0; // of the purchases
    const reject: typeof keep = (...args) => {
      keep(...args);
      told.push(args[1].row);
    };
    const refuse = (row: RejectedRow) => reject(owner, row, row.integration_id, row.errors);
    for (const row of purchasesOf(rows)) {
      for (let bad = rows.rejected[rejected]; bad && bad.row < row.row; bad = rows.rejected[++rejected])
        refuse(bad);
      const { slot, earlier } = policies.find(owner, row.key);
      if (!earlier && owner.verdict) {
        refuseNew(owner, row, used[row.shape]?.integration_id ?? '');
        refused++;
      } else if (!earlier) {
        insertSlot.run(slot, next);
        insertPolicy.run(
          next++,
          owner.account,
          owner.mode,
          storedKey(row.key),
          row.hash,
          shapeIds[row.shape] ?? null,
          row.values,
          row.net,
          row.tax,
          row.start_day,
          row.end_day,
          owner.import,
          row.row,
          row.line,
          now,
        );
      } else if (Buffer.compare(earlier.hash, row.hash) === 0) {
        insertOutcome.run(owner.import, row.row, row.line, row.key, earlier.id, null);
        duplicates++;
      } else {
        const integration_id = used[row.shape]?.integration_id ?? '';
        reject(owner, row, integration_id, [policies.conflict(row.key, earlier.id)]);
        refused++;
      }
    }
    for (const bad of rows.rejected.slice(rejected)) refuse(bad);
    if (told.length > 0) writeEvents({ ...owner, type: 'policy.rejected', rows: told, now });
    return { created: next - first, duplicates, rejected: rows.rejected.length + refused };
  }

  return {
    commitChunk: (chunk) =>
      db.transaction(() => {
        const claim = claims.prove(chunk.import, chunk.epoch);
        if (!claim.ok) return claim as Refusal<'fenced'>;
        const owner = claim.value;
        const first = nextPolicy();
        const counts = decide(owner, chunk, first);
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
        return ok(total);
      }),
  };
}
