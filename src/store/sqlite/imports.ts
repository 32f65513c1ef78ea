import { ok, type Result, refused } from '../../domain/refusal.ts';
import type { ImportEnd, ImportStore } from '../import-store.ts';
import { type Claims, importRows, type Owner } from './claims.ts';
import type { Database } from './connection.ts';
import { eventWriter } from './events.ts';
import { freeName } from './file-names.ts';
import { IMPORTS, type ImportRow, importOf } from './import-record.ts';
import type { Methods } from './methods.ts';

type ImportMethods = Omit<Methods<ImportStore>, 'commitChunk' | 'outcomes' | 'reportChunk' | keyof Claims>;

/** The stations of an import outside its chunks: begin, end, hold, fail, and what an operator may do. */
export function importMethods(db: Database, claims: Claims): ImportMethods {
  const rowOf = importRows(db);
  const begin = db.prepare('UPDATE file SET sha256 = ? WHERE id = (SELECT file FROM import WHERE id = ?)');
  const file = db.prepare(
    'SELECT file.id, file.name, file.touched_at, file.moves_at FROM file JOIN import ON import.file = file.id WHERE import.id = ?',
  );
  const named = db.prepare('SELECT 1 FROM file WHERE account = ? AND processed_name = ?');
  const move = db.prepare(
    'UPDATE file SET processed_name = ?, visible_at = ?, report_size = ?, rejected_size = ? WHERE id = ?',
  );
  const finish = db.prepare('UPDATE import SET state = ?, problem = ?, completed_at = ? WHERE id = ?');
  const hold = db.prepare(`UPDATE import SET state = 'held', problem = ?, started_at = NULL WHERE id = ?`);
  const fail = db.prepare(`UPDATE import SET state = 'queued', problem = ?, due_at = ? WHERE id = ?`);
  const release = db.prepare(
    `UPDATE import SET state = 'queued', released = 1, due_at = 0 WHERE id = ? AND state = 'held' RETURNING id`,
  );
  const cancel = db.prepare(
    `UPDATE import SET state = 'cancelled' WHERE id = ? AND (state IN ('incomplete', 'settling', 'held') OR state = 'queued' AND rows = 0) RETURNING id`,
  );
  const byId = db.prepare(`${IMPORTS} WHERE import.id = ?`);
  const list = db.prepare(`${IMPORTS} ORDER BY import.id DESC LIMIT ?`);
  const listOf = db.prepare(`${IMPORTS} WHERE state = ? ORDER BY import.id DESC LIMIT ?`);
  const listSettling = db.prepare(
    `${IMPORTS} WHERE state = 'settling' AND due_at > ? ORDER BY import.id DESC LIMIT ?`,
  );
  const listQueued = db.prepare(
    `${IMPORTS} WHERE state = 'queued' OR state = 'settling' AND due_at <= ? ORDER BY import.id DESC LIMIT ?`,
  );
  const writeEvents = eventWriter(db);

  /** One transaction for those who hold the import. */
  function held(
    id: ImportEnd['import'],
    epoch: number,
    work: (owner: Owner) => void,
  ): Result<undefined, 'fenced'> {
    return db.transaction(() => {
      const claim = claims.prove(id, epoch);
      if (!claim.ok) return claim;
      work(claim.value);
      return ok(undefined);
    });
  }

  /** Names the file in imports_processed; where it is seen follows from `visible_at` and the clock. */
  function end(owner: Owner, { now, grace, report_size, rejected_size }: ImportEnd): void {
    const own = file.get(owner.import) as { id: number; name: string; touched_at: number; moves_at: number };
    const name = freeName(own.name, (candidate) => named.get(owner.account, candidate) !== undefined);
    move.run(
      name,
      Math.max(now, own.touched_at + grace, own.moves_at),
      report_size,
      rejected_size ?? null,
      own.id,
    );
  }

  return {
    beginImport: (id, epoch, sha256) => held(id, epoch, (owner) => void begin.run(sha256, owner.import)),

    completeImport: (ending) =>
      held(ending.import, ending.epoch, (owner) => {
        end(owner, ending);
        finish.run('completed', null, ending.now, owner.import);
        writeEvents({ ...owner, type: 'import.completed', now: ending.now });
      }),

    rejectImport: ({ errors, ...ending }) =>
      held(ending.import, ending.epoch, (owner) => {
        end(owner, ending);
        finish.run('rejected', errors.map((error) => error.message).join('; '), ending.now, owner.import);
        writeEvents({ ...owner, type: 'import.rejected', now: ending.now });
      }),

    holdImport: (id, epoch, problem) => held(id, epoch, (owner) => void hold.run(problem, owner.import)),

    failImport: (id, epoch, problem, retry_at) =>
      held(id, epoch, (owner) => void fail.run(problem, retry_at, owner.import)),

    releaseImport: (id) => operator(id, 'held', () => release.get(rowOf(id))),
    cancelImport: (id) => operator(id, 'not begun', () => cancel.get(rowOf(id))),

    import: (id, now) => {
      const row = byId.get(rowOf(id)) as ImportRow | undefined;
      return row && importOf(db, row, now);
    },

    imports: ({ state, limit, now }) => {
      const rows =
        state === undefined
          ? list.all(limit)
          : state === 'queued'
            ? listQueued.all(now, limit)
            : state === 'settling'
              ? listSettling.all(now, limit)
              : listOf.all(state, limit);
      return (rows as ImportRow[]).map((row) => importOf(db, row, now));
    },
  };

  function operator(
    id: ImportEnd['import'],
    wanted: string,
    change: () => unknown,
  ): Result<undefined, 'absent' | 'wrong_state'> {
    return db.transaction(() => {
      const row = byId.get(rowOf(id)) as ImportRow | undefined;
      if (!row) return refused('absent', `There is no import ${id}. policydrop imports list shows them.`);
      return change()
        ? ok(undefined)
        : refused('wrong_state', `The import ${id} is ${row.state}, not ${wanted}.`);
    });
  }
}
