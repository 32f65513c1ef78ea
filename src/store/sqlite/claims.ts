import type { Account } from '../../domain/account.ts';
import type { ImportId } from '../../domain/ids.ts';
import { ok, type Result, refused } from '../../domain/refusal.ts';
import type { Verdict } from '../../domain/rejection-codes.ts';
import type { Claim, ImportStore } from '../import-store.ts';
import { type AccountRow, accountOf } from './accounts.ts';
import type { Database } from './connection.ts';
import { IMPORTS, type ImportRow, importOf } from './import-record.ts';
import type { Methods } from './methods.ts';

export type Owner = {
  readonly import: number;
  readonly account: number;
  readonly mode: number;
  readonly verdict: Verdict | null;
};

/** How many imports of the file's account are running; the states are those of the index, which SQLite wants to see. */
const RUNNING = `(SELECT count(*) FROM import AS other INDEXED BY import_open JOIN file AS its ON its.id = other.file
  WHERE other.state IN ('settling', 'queued', 'processing') AND other.state = 'processing' AND other.lease_until > ?1 AND its.account = file.account)`;

export type Claims = Pick<Methods<ImportStore>, 'claimImport' | 'renewLease' | 'dropClaims'> & {
  /** Whose import it is, when the caller still holds it; a lost claim cannot commit. */
  prove(id: ImportId, epoch: number): Result<Owner, 'fenced'>;
};

/** Leases on imports; each claim raises the epoch, and the epoch alone decides who may commit. */
export function claimMethods(db: Database): Claims {
  const rowOf = importRows(db);
  const due = db.prepare(
    `SELECT import.id FROM import INDEXED BY import_open JOIN file ON file.id = import.file
       JOIN account ON account.id = file.account
     WHERE import.state IN ('settling', 'queued', 'processing') AND size <= ?2
       AND CASE import.state WHEN 'processing' THEN lease_until ELSE due_at END <= ?1
       AND (bad_rows = 'reject-rows' OR ${RUNNING} = 0)
     ORDER BY ${RUNNING}, import.id LIMIT 1`,
  );
  const take = db.prepare(
    `UPDATE import SET state = 'processing', epoch = epoch + 1, lease_until = ?2, started_at = coalesce(started_at, ?3),
       run_rows = rows, run_offset = byte_offset, run_at = ?3 WHERE id = ?1`,
  );
  const byId = db.prepare(`${IMPORTS} WHERE import.id = ?`);
  const account = db.prepare('SELECT * FROM account WHERE id = ?');
  const holder = db.prepare(
    `SELECT import.id AS import, file.account, file.mode, import.verdict FROM import JOIN file ON file.id = import.file
     WHERE import.id = ? AND epoch = ? AND state = 'processing'`,
  );
  const renew = db.prepare(
    `UPDATE import SET lease_until = ? WHERE id = ? AND epoch = ? AND state = 'processing'`,
  );
  const drop = db.prepare(`UPDATE import SET lease_until = 0 WHERE state = 'processing'`);
  const dropDeliveries = db.prepare(
    `UPDATE delivery SET claimed_until = 1, next_at = created_at WHERE claimed_until > 0 AND claimed_until > 1`, // what was cut stays together
  );

  return {
    prove: (id, epoch) => {
      const owner = holder.get(rowOf(id), epoch) as Owner | undefined;
      return owner ? ok(owner) : refused('fenced', `The claim on ${id} with epoch ${epoch} is lost.`);
    },
    claimImport: (lease, now, largest = Number.MAX_SAFE_INTEGER) => {
      if (!due.get(now, largest)) return undefined; // most looks find nothing; they must not cost a write lock
      return db.transaction((): Claim | undefined => {
        const id = due.get(now, largest)?.['id'];
        if (id === undefined) return undefined;
        take.run(id, now + lease, now);
        const row = byId.get(id) as ImportRow;
        return {
          import: importOf(db, row, now),
          account: accountOf(db, account.get(row.account) as AccountRow) satisfies Account,
          epoch: row.epoch,
          checkpoint: { rows: row.rows, offset: row.byte_offset, line: row.line },
          released: row.released !== 0,
          verdict: row.verdict ?? undefined,
          expected: row.expected,
          edition: row.edition ?? undefined,
        };
      });
    },
    renewLease: (id, epoch, lease, now) => renew.run(now + lease, rowOf(id), epoch).changes === 1,
    dropClaims: () =>
      db.transaction(() => {
        drop.run();
        dropDeliveries.run();
      }),
  };
}

/** Gives the integer of an import; 0, which no import has, for any text that is not the id of one. */
export function importRows(db: Database): (id: ImportId) => number {
  const made = db.prepare('SELECT 1 FROM import WHERE id = ? AND created_at = ?');
  return (id) => {
    const decoded = db.ids.import.decode(id);
    return decoded && made.get(decoded.row, decoded.created_at) ? decoded.row : 0;
  };
}
