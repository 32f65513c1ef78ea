import type { ImportId } from '../../domain/ids.ts';
import { ok, type Result, refused } from '../../domain/refusal.ts';
import type { ImportStore } from '../import-store.ts';
import { importRows } from './claims.ts';
import type { Database } from './connection.ts';
import { eventWriter } from './events.ts';
import { IMPORTS, type ImportRow } from './import-record.ts';
import type { Methods } from './methods.ts';

export type OperatorMethods = Pick<
  Methods<ImportStore>,
  'pauseImport' | 'releaseImport' | 'cancelImport' | 'rerunImport'
>;

type Refused = 'absent' | 'wrong_state';
type FileRow = { open: number; removed_at: number | null; visible_at: number | null };

const PAUSED = 'An operator holds it.';

/** What an operator may do with an import, at any moment: whoever works on it finds out at the next commit. */
export function operatorMethods(db: Database): OperatorMethods {
  const rowOf = importRows(db);
  const byId = db.prepare(`${IMPORTS} WHERE import.id = ?`);
  const pause = db.prepare(
    `UPDATE import SET state = 'held', epoch = epoch + 1, problem = '${PAUSED}', started_at = CASE rows WHEN 0 THEN NULL ELSE started_at END,
       edition = CASE rows WHEN 0 THEN NULL ELSE edition END WHERE id = ?`,
  );
  const release = db.prepare(
    `UPDATE import SET state = 'queued', released = CASE problem WHEN '${PAUSED}' THEN released ELSE 1 END, problem = NULL, due_at = 0
     WHERE id = ?`,
  );
  const cancel = db.prepare(`UPDATE import SET state = 'cancelled', problem = NULL WHERE id = ?`);
  const refuseRest = db.prepare(
    `UPDATE import SET verdict = 'cancelled', due_at = 0, state = CASE state WHEN 'processing' THEN state ELSE 'queued' END WHERE id = ?`,
  );
  const fileOf = db.prepare('SELECT open, removed_at, visible_at FROM file WHERE id = ?');
  const openImport = db.prepare(
    `SELECT 1 FROM import WHERE file = ? AND state NOT IN ('completed', 'rejected', 'cancelled')`,
  );
  const requeue = db.prepare(
    `UPDATE import SET state = 'queued', released = 1, problem = NULL, due_at = 0, edition = NULL WHERE id = ?`,
  );
  const again = db.prepare(
    `INSERT INTO import (file, state, released, due_at, received_at, created_at) VALUES (?1, 'queued', 1, 0, ?2, ?2) RETURNING id`,
  );
  const writeEvents = eventWriter(db);

  /** One transaction over the import of that id. */
  function change<T>(id: ImportId, work: (row: ImportRow) => Result<T, Refused>): Result<T, Refused> {
    return db.transaction(() => {
      const row = byId.get(rowOf(id)) as ImportRow | undefined;
      return row
        ? work(row)
        : refused('absent', `There is no import ${id}. policydrop imports list shows them.`);
    });
  }

  function wrongState({ state }: ImportRow, id: ImportId, advice: string): Result<never, Refused> {
    return refused('wrong_state', `The import ${id} is ${state}: ${advice}`);
  }

  return {
    pauseImport: (id, now) =>
      change(id, (row) => {
        if (!['settling', 'queued', 'processing'].includes(row.state))
          return wrongState(row, id, 'only one that waits or runs can be held.');
        pause.run(row.id);
        writeEvents({ import: row.id, account: row.account, mode: row.mode, type: 'import.held', now });
        return ok(undefined);
      }),

    releaseImport: (id) =>
      change(id, (row) => {
        if (row.state !== 'held') return wrongState(row, id, 'only one that is held can be released.');
        release.run(row.id);
        return ok(undefined);
      }),

    cancelImport: (id) =>
      change(id, (row) => {
        if (['completed', 'rejected', 'cancelled'].includes(row.state))
          return wrongState(row, id, 'it has ended, and can only be run again.');
        const hasBegun = row.state === 'processing' || row.rows > 0;
        (hasBegun ? refuseRest : cancel).run(row.id);
        return ok(undefined);
      }),

    rerunImport: (id, now) =>
      change(id, (row) => {
        if (openImport.get(row.file)) return wrongState(row, id, 'an import of its file has not ended yet.');
        const file = fileOf.get(row.file) as FileRow;
        if (file.removed_at !== null) return wrongState(row, id, 'the partner has removed its file.');
        if (file.open !== 0) return wrongState(row, id, 'its file is being uploaded.');
        if (file.visible_at === null) {
          requeue.run(row.id);
          return ok(id);
        }
        const made = Number(again.get(row.file, now)?.['id']);
        return ok(db.ids.import.encode(made, now) as ImportId);
      }),
  };
}
