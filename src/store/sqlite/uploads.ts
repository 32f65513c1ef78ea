import type { FileId, ImportId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { Entry, Folder } from '../../domain/upload.ts';
import type { Commit, UploadPath, UploadStore } from '../store.ts';
import { accountRow } from './accounts.ts';
import { modeBit } from './bits.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

/** Clients that look back at the old path find it for so long after the move (research: rclone, WinSCP, paramiko). */
export const TOMBSTONE = 15 * 60_000;
/** However often a client looks at a file, it waits no longer than this. */
export const LONGEST_WAIT = 10 * 60_000;

type FileRow = {
  id: number;
  name: string;
  size: number;
  mtime: number;
  created_at: number;
  processed_name: string | null;
  visible_at: number | null;
  report_size: number | null;
  rejected_size: number | null;
  import: number | null;
  state: string | null;
  started_at: number | null;
};

const OPEN_STATES = new Set([null, 'incomplete', 'settling', 'held', 'cancelled']);

/** Whether a file may still change, belongs to its import, or has moved. */
function stateOf(row: FileRow, now: number): Entry['state'] | 'gone' {
  if (row.visible_at !== null && row.visible_at <= now)
    return row.visible_at + TOMBSTONE > now ? 'moved' : 'gone';
  const untouched = row.state === 'queued' && row.started_at === null;
  return OPEN_STATES.has(row.state) || untouched ? 'open' : 'taken';
}

const FILES = `
  SELECT file.*, import.id AS import, import.state, import.started_at
  FROM file LEFT JOIN import ON import.id = (SELECT max(id) FROM import WHERE file = file.id)`;

/** Folders, uploads and the moment a file becomes an import. */
export function uploadMethods(
  db: Database,
): Methods<UploadStore> & Pick<Methods<{ addFile: AddFile }>, 'addFile'> {
  const atPath = db.prepare(
    `${FILES} WHERE account = ? AND mode = ? AND name = ? AND removed_at IS NULL ORDER BY file.id DESC LIMIT 1`,
  );
  const waiting = db.prepare(
    `${FILES} WHERE account = ?1 AND mode = ?2 AND visible_at IS NULL AND removed_at IS NULL
     UNION ALL ${FILES} WHERE account = ?1 AND mode = ?2 AND visible_at > ?3 AND removed_at IS NULL ORDER BY name, id DESC`,
  );
  const processed = db.prepare(`${FILES} WHERE account = ? AND visible_at <= ? ORDER BY processed_name`);
  const processedNamed = db.prepare(`${FILES} WHERE account = ? AND processed_name = ? AND visible_at <= ?`);
  const anyProcessed = db.prepare('SELECT 1 FROM file WHERE account = ? AND visible_at <= ? LIMIT 1');
  const insert = db.prepare(
    `INSERT INTO file (account, mode, name, size, mtime, created_at, open, touched_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?5, ?6, ?5) RETURNING id`,
  );
  const insertImport = db.prepare(
    'INSERT INTO import (file, state, due_at, received_at, created_at) VALUES (?1, ?2, ?3, ?4, ?4) RETURNING id',
  );
  const reopen = db.prepare('UPDATE file SET open = 1, touched_at = ? WHERE id = ?');
  const restart = db.prepare(
    `UPDATE import SET state = 'incomplete', released = 0, problem = NULL WHERE id = (SELECT max(id) FROM import WHERE file = ?)`,
  );
  const close = db.prepare('UPDATE file SET open = 0, size = ?, mtime = ?, touched_at = ? WHERE id = ?');
  const settle = db.prepare(
    `UPDATE import SET state = 'settling', released = 0, problem = NULL, due_at = ?, received_at = ? WHERE file = ? RETURNING id`,
  );
  const cancel = db.prepare(`UPDATE import SET state = 'cancelled' WHERE file = ?`);
  const abandon = db.prepare('UPDATE file SET open = 0, size = ? WHERE id = ?');
  const postpone = db.prepare(
    `UPDATE import SET due_at = min(max(due_at, ?1), received_at + ${LONGEST_WAIT}) WHERE file = ?2 AND state = 'settling'`,
  );
  const stay = db.prepare(
    `UPDATE file SET moves_at = max(moves_at, ?1), visible_at = CASE WHEN visible_at IS NULL THEN NULL ELSE
       max(visible_at, min(?1, (SELECT max(completed_at) FROM import WHERE file = file.id) + ${LONGEST_WAIT})) END WHERE id = ?2`,
  );
  const setMtime = db.prepare('UPDATE file SET mtime = ? WHERE id = ?');
  const rename = db.prepare('UPDATE file SET name = ?, touched_at = ? WHERE id = ?');
  const remove = db.prepare('UPDATE file SET removed_at = ? WHERE id = ?');
  const open = db.prepare('SELECT id, created_at FROM file WHERE open = 1 AND removed_at IS NULL');
  const isOpen = db.prepare('SELECT open FROM file WHERE id = ?');

  const fileId = (row: { id: number; created_at: number }) =>
    db.ids.file.encode(row.id, row.created_at) as FileId;
  const rowOf = (id: FileId): number => {
    const decoded = db.ids.file.decode(id);
    if (!decoded) throw new Error(`${id} is no file id`);
    return decoded.row;
  };

  /** The newest file of that name that is not gone, and what it is now. */
  function find({ account, mode, name }: UploadPath, now: number) {
    const row = atPath.get(accountRow(db, account), modeBit(mode), name) as FileRow | undefined;
    const state = row && stateOf(row, now);
    return row && state && state !== 'gone' ? { row, state } : undefined;
  }

  function add({ account, mode, name }: UploadPath, size: number, isOpen: boolean, now: number): number {
    return Number(
      insert.get(accountRow(db, account), modeBit(mode), name, size, now, Number(isOpen))?.['id'],
    );
  }

  /** The file's bytes are complete: an eligible name becomes an import, any other is only kept. */
  function commit(file: number, { eligible, now, due }: Commit): void {
    if (!eligible) cancel.run(file);
    else if (!settle.get(due, now, file)) insertImport.get(file, 'settling', due, now);
  }

  const entry = (row: FileRow, state: Entry['state'], part: Partial<Entry> = {}): Entry => ({
    file: fileId(row),
    name: row.name,
    size: row.size,
    mtime: row.mtime,
    content: 'file',
    state,
    ...part,
  });

  /** What a processed file shows in a folder: itself, or its reports. */
  function entriesIn(folder: Folder, row: FileRow): Entry[] {
    const name = row.processed_name ?? row.name;
    if (folder === 'imports_processed') return [entry(row, 'taken', { name })];
    const mtime = row.visible_at ?? row.mtime;
    const report = {
      name: `${name}.report.csv`,
      size: row.report_size ?? 0,
      mtime,
      content: 'report',
    } as const;
    const rejected = {
      name: `${name}.rejected.csv`,
      size: row.rejected_size ?? 0,
      mtime,
      content: 'rejected',
    } as const;
    const all = [entry(row, 'taken', report)];
    return row.rejected_size === null ? all : [...all, entry(row, 'taken', rejected)];
  }

  return {
    hasProcessedFiles: (account, now) => anyProcessed.get(accountRow(db, account), now) !== undefined,

    listFolder: (account, folder, now) => {
      if (folder === 'imports_processed' || folder === 'imports_reports') {
        const rows = processed.all(accountRow(db, account), now) as FileRow[];
        return rows.flatMap((row) => entriesIn(folder, row));
      }
      const rows = waiting.all(accountRow(db, account), modeBit(folder), now) as FileRow[];
      return rows
        .filter((row, i) => row.name !== rows[i - 1]?.name) // the newest of a name hides those that are about to move
        .map((row) => entry(row, stateOf(row, now) as Entry['state']));
    },

    findEntry: (account, folder, name, now) => {
      if (folder === 'test' || folder === 'live') {
        const found = find({ account, mode: folder, name }, now);
        return found && entry(found.row, found.state);
      }
      const own = folder === 'imports_processed' ? name : name.replace(/\.(report|rejected)\.csv$/, '');
      const row = processedNamed.get(accountRow(db, account), own, now) as FileRow | undefined;
      return row && entriesIn(folder, row).find((one) => one.name === name);
    },

    beginUpload: ({ create, exclusive, eligible, now, ...path }) =>
      db.transaction(() => {
        const found = find(path, now);
        if (!found && !create) return refused('absent', `There is no file ${path.name}.`);
        if (found && found.state !== 'moved' && exclusive)
          return refused('exists', `${path.name} is there already.`);
        if (found?.state === 'open') {
          reopen.run(now, found.row.id);
          if (found.row.import !== null) restart.run(found.row.id);
          else if (eligible) insertImport.get(found.row.id, 'incomplete', 0, now);
          return ok({ file: fileId(found.row), fresh: false });
        }
        const row = add(path, 0, true, now);
        if (eligible) insertImport.get(row, 'incomplete', 0, now);
        const file = fileId({ id: row, created_at: now });
        return ok({ file, fresh: true, ...(found && { continues: fileId(found.row) }) });
      }),

    commitUpload: (file, { size, mtime, ...how }) =>
      db.transaction(() => {
        close.run(size, mtime, how.now, rowOf(file));
        commit(rowOf(file), how);
      }),

    abandonUpload: (file, size) => void abandon.run(size, rowOf(file)),

    touch: (file, { due, moves }) =>
      db.transaction(() => {
        postpone.run(due, rowOf(file));
        stay.run(moves, rowOf(file));
      }),

    setTimes: (file, mtime) => void setMtime.run(mtime, rowOf(file)),

    renameUpload: (from, to, { replace, ...how }) =>
      db.transaction(() => {
        const source = find(from, how.now);
        if (!source || source.state === 'moved') return refused('absent', `There is no file ${from.name}.`);
        if (source.state === 'taken') return refused('taken', `${from.name} is being imported.`);
        if (to === from.name) return ok({});
        const target = find({ ...from, name: to }, how.now);
        if (target && target.state !== 'moved' && !replace)
          return refused('exists', `${to} is there already.`);
        const replaced = target?.state === 'open' ? target.row : undefined;
        if (replaced) {
          remove.run(how.now, replaced.id);
          cancel.run(replaced.id);
        }
        rename.run(to, how.now, source.row.id);
        if (isOpen.get(source.row.id)?.['open'] === 0) commit(source.row.id, how);
        return ok(replaced ? { replaced: fileId(replaced) } : {});
      }),

    removeUpload: (path, now) =>
      db.transaction(() => {
        const found = find(path, now);
        if (!found || found.state === 'moved') return refused('absent', `There is no file ${path.name}.`);
        if (found.state === 'taken') return refused('taken', `${path.name} is being imported.`);
        remove.run(now, found.row.id);
        cancel.run(found.row.id);
        return ok(fileId(found.row));
      }),

    openUploads: () => (open.all() as { id: number; created_at: number }[]).map(fileId),

    addFile: ({ size, now, ...path }) =>
      db.transaction(() => {
        const file = add(path, size, false, now);
        const row = Number(insertImport.get(file, 'queued', now, now)?.['id']);
        return {
          file: fileId({ id: file, created_at: now }),
          import: db.ids.import.encode(row, now) as ImportId,
        };
      }),
  };
}

type AddFile = (
  file: UploadPath & { size: number; now: number },
) => Promise<{ file: FileId; import: ImportId }>;
