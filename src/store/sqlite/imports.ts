import type { ImportState } from '../../domain/import.ts';
import { ok, type Result } from '../../domain/refusal.ts';
import type { Verdict } from '../../domain/rejection-codes.ts';
import type { ImportEnd, ImportStore } from '../import-store.ts';
import { type Claims, importRows, type Owner } from './claims.ts';
import type { Database } from './connection.ts';
import { eventWriter } from './events.ts';
import { freeName } from './file-names.ts';
import { IMPORTS, type ImportRow, importOf } from './import-record.ts';
import type { Methods } from './methods.ts';
import type { OperatorMethods } from './operator.ts';

type ImportMethods = Omit<
  Methods<ImportStore>,
  | 'commitChunk'
  | 'outcomes'
  | 'reportChunk'
  | 'tryChunk'
  | 'endTrial'
  | 'sameImport'
  | 'repeatChunk'
  | keyof Claims
  | keyof OperatorMethods
>;

type MovingFile = {
  id: number;
  name: string;
  touched_at: number;
  moves_at: number;
  processed_name: string | null;
  visible_at: number | null;
};

/** How an import ends whose rows are all decided, by its verdict. */
const ENDS: Readonly<Record<Verdict | 'none', readonly [ImportState, string | null]>> = {
  none: ['completed', null],
  file_rejected: [
    'rejected',
    'Rows of the file are bad, and this account imports whole files only: its report says which.',
  ],
  cancelled: [
    'cancelled',
    'An operator cancelled the import: its report says which rows were bought before.',
  ],
};

/** The stations of an import outside its chunks: begin, end, hold, fail. */
export function importMethods(db: Database, claims: Claims): ImportMethods {
  const rowOf = importRows(db);
  const identify = db.prepare('UPDATE file SET sha256 = ? WHERE id = (SELECT file FROM import WHERE id = ?)');
  const begin = db.prepare(
    'UPDATE import SET text_bytes = ?, problem = ?, edition = coalesce(edition, ?) WHERE id = ?',
  );
  const refuse = db.prepare('UPDATE import SET verdict = ? WHERE id = ?');
  const file = db.prepare(
    'SELECT file.id, file.name, file.touched_at, file.moves_at, file.processed_name, file.visible_at FROM file JOIN import ON import.file = file.id WHERE import.id = ?',
  );
  const named = db.prepare('SELECT 1 FROM file WHERE account = ? AND processed_name = ?');
  const moved = db.prepare(
    'UPDATE file SET processed_name = ?, visible_at = ?, report_size = ?, rejected_size = ? WHERE id = ?',
  );
  const finish = db.prepare('UPDATE import SET state = ?, problem = ?, completed_at = ? WHERE id = ?');
  const hold = db.prepare(
    `UPDATE import SET state = 'held', problem = ?, started_at = NULL, edition = NULL WHERE id = ?`,
  );
  const fail = db.prepare(`UPDATE import SET state = 'queued', problem = ?, due_at = ? WHERE id = ?`);
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

  /** Names the file in imports_processed, once; where it is seen follows from `visible_at` and the clock. */
  function move(owner: Owner, { now, grace, report_size, rejected_size }: ImportEnd): void {
    const own = file.get(owner.import) as MovingFile;
    const isTaken = (candidate: string) => named.get(owner.account, candidate) !== undefined;
    const name = own.processed_name ?? freeName(own.name, isTaken);
    const visible = own.visible_at ?? Math.max(now, own.touched_at + grace, own.moves_at);
    moved.run(name, visible, report_size, rejected_size ?? null, own.id);
  }

  function end(owner: Owner, state: ImportState, problem: string | null, ending: ImportEnd): void {
    move(owner, ending);
    finish.run(state, problem, ending.now, owner.import);
    writeEvents({
      ...owner,
      type: state === 'rejected' ? 'import.rejected' : 'import.completed',
      now: ending.now,
    });
  }

  return {
    beginImport: (id, epoch, { sha256, bytes, edition = null, note = null }) =>
      held(id, epoch, (owner) => {
        identify.run(sha256, owner.import);
        begin.run(bytes, note, edition, owner.import);
      }),

    refuseRest: (id, epoch, verdict) => held(id, epoch, (owner) => void refuse.run(verdict, owner.import)),

    completeImport: (ending) =>
      held(ending.import, ending.epoch, (owner) => {
        const [state, problem] = ENDS[owner.verdict ?? 'none'];
        end(owner, state, problem, ending);
      }),

    rejectImport: ({ errors, ...ending }) =>
      held(ending.import, ending.epoch, (owner) => {
        end(owner, 'rejected', errors.map((error) => error.message).join('; '), ending);
      }),

    holdImport: (id, epoch, problem, now) =>
      held(id, epoch, (owner) => {
        hold.run(problem, owner.import);
        writeEvents({ ...owner, type: 'import.held', now });
      }),

    failImport: (id, epoch, problem, retry_at) =>
      held(id, epoch, (owner) => void fail.run(problem, retry_at, owner.import)),

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
}
