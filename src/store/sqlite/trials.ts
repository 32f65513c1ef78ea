// What an import would do, found out over the connection that only reads. Keys seen in a trial are kept in a temporary
// table: on disk, so that a long file does not fill the memory, and gone with the connection.
import { idempotencyConflict } from '../../domain/idempotency-conflict.ts';
import type { PolicyId } from '../../domain/ids.ts';
import type { RowError, RowOutcome } from '../../domain/import.ts';
import { type PackedPurchase, purchasesOf, type RejectedRow } from '../chunk-rows.ts';
import type { ImportStore, TriedChunk } from '../import-store.ts';
import { accountRow } from './accounts.ts';
import { modeBit } from './bits.ts';
import type { Database } from './connection.ts';
import { type Earlier, earlierPolicies } from './earlier.ts';
import { findSlot, type SlotOf } from './keys.ts';
import type { Methods } from './methods.ts';
import { policyOutcome } from './report.ts';

type Seen = { key: string; hash: Uint8Array; row: number; line: number };

const NO_POLICY = { policy_id: '' as PolicyId, policy_number: '' }; // what is only tried has none

export function trialMethods(
  db: Database,
  slotOf: SlotOf,
): Pick<Methods<ImportStore>, 'tryChunk' | 'endTrial'> {
  const policies = earlierPolicies(db, slotOf);
  let statements: ReturnType<typeof prepare> | undefined;

  function prepare() {
    db.exec(`CREATE TEMP TABLE seen (trial TEXT, slot INTEGER, key TEXT, hash BLOB, row INTEGER, line INTEGER,
      PRIMARY KEY (trial, slot)) WITHOUT ROWID`);
    return {
      select: db.prepare('SELECT key, hash, row, line FROM temp.seen WHERE trial = ? AND slot = ?'),
      insert: db.prepare('INSERT INTO temp.seen VALUES (?, ?, ?, ?, ?, ?)'),
      forget: db.prepare('DELETE FROM temp.seen WHERE trial = ?'),
    };
  }

  return {
    tryChunk: ({ trial, file, rows, shapes }: TriedChunk) => {
      statements ??= prepare();
      const { select, insert } = statements;
      const owner = {
        account: file.account === undefined ? 0 : accountRow(db, file.account),
        mode: modeBit(file.mode),
      };

      function earlierPolicy(key: string): Earlier | undefined {
        return file.account === undefined ? undefined : policies.find(owner, key).earlier;
      }

      /** The row of this trial that had the key; undefined, and kept from now on, when this is the first. */
      function seenBefore({ key, hash, row, line }: PackedPurchase): Seen | undefined {
        let seen: Seen | undefined;
        const taken = (slot: number) => {
          seen = select.get(trial, slot) as Seen | undefined;
          return seen?.row;
        };
        const first = slotOf(owner.account, owner.mode, key);
        const { slot, policy } = findSlot(taken, first, () => seen?.key === key);
        if (policy !== undefined) return seen;
        insert.run(trial, slot, key, hash, row, line);
        return undefined;
      }

      function judge(purchase: PackedPurchase): RowOutcome {
        const { row, line, key, hash } = purchase;
        const place = { row, line, idempotency_key: key };
        const policy = earlierPolicy(key);
        if (policy) {
          return same(policy.hash, hash)
            ? policyOutcome(db, 'duplicate', purchase, policy)
            : refused(purchase, [policies.conflict(key, policy.id)]);
        }
        const seen = seenBefore(purchase);
        if (!seen) return { ...place, outcome: 'created', ...NO_POLICY };
        return same(seen.hash, hash)
          ? { ...place, outcome: 'duplicate', ...NO_POLICY }
          : refused(purchase, [idempotencyConflict(key, { ...seen, name: file.name })]);
      }

      function refused(row: PackedPurchase | RejectedRow, errors: readonly RowError[]): RowOutcome {
        const integration_id =
          'shape' in row ? (shapes[row.shape]?.integration_id ?? '') : row.integration_id;
        const place = { row: row.row, line: row.line, idempotency_key: row.key, integration_id };
        return { ...place, outcome: 'rejected', errors, bytes: { offset: row.offset, length: row.length } };
      }

      return db.read(() =>
        [
          ...Array.from(purchasesOf(rows), judge),
          ...rows.rejected.map((row) => refused(row, row.errors)),
        ].sort((a, b) => a.row - b.row),
      );
    },
    endTrial: (trial) => void statements?.forget.run(trial),
  };
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
