// All that SFTP does to a file, as transactions over the same few statements; apart they would be prepared twice: that is why it is long.
import type { FileId, ImportId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { Entry } from '../../domain/upload.ts';
import type { Commit, UploadPath, UploadStore } from '../upload-store.ts';
import { accountRow } from './accounts.ts';
import { modeBit, modeOf } from './bits.ts';
import type { Database } from './connection.ts';

import { type FileRow, fileId, processedEntries, stateOf, uploadEntry } from './file-entries.ts';
import type { Methods } from './methods.ts';
import { smallFiles } from './small-files.ts';

/** However often a client looks at a file, it waits no longer than this. */
const LONGEST_WAIT = 10 * 60_000;

const EXPIRED_AT_ONCE = 1_000;

type NewFile = { size: number; mtime: number; now: number; open: 0 | 1; expected: number };

type ExpiredRow = Pick<FileRow, 'id' | 'created_at' | 'name' | 'size'> & {
  mode: number;
  account_name: string;
};

const files = (index = '') => `
  SELECT file.*, import.id AS import, import.state, import.started_at, import.rows
  FROM file ${index} LEFT JOIN import ON import.id = (SELECT max(id) FROM import WHERE file = file.id)`;
const FILES = files();
const WAITING = files('INDEXED BY file_waiting'); // not through all that were ever there
const LEAVING = files('INDEXED BY file_visible');

/** Folders, uploads and the moment a file becomes an import. */
export function uploadMethods(db: Database): Methods<UploadStore> {
  const atPath = db.prepare(
    `${FILES} WHERE account = ? AND mode = ? AND name = ? AND removed_at IS NULL ORDER BY file.id DESC LIMIT 1`,
  );
  const leavingNamed = db.prepare(
    `${LEAVING} WHERE account = ? AND visible_at > ? AND mode = ? AND name = ? AND removed_at IS NULL ORDER BY file.id DESC LIMIT 1`,
  );
  const waitingNamed = db.prepare(
    `${WAITING} WHERE account = ? AND mode = ? AND name = ? AND visible_at IS NULL AND removed_at IS NULL
     ORDER BY coalesce(state = 'processing' OR rows > 0 OR state = 'queued' AND started_at IS NOT NULL, 0), file.id DESC LIMIT 1`,
  );
  const waiting = db.prepare(
    `${WAITING} WHERE account = ?1 AND mode = ?2 AND visible_at IS NULL AND removed_at IS NULL
     UNION ALL ${FILES} WHERE account = ?1 AND mode = ?2 AND visible_at > ?3 AND removed_at IS NULL ORDER BY name, id DESC`,
  );
  const processed = db.prepare(`${FILES} WHERE account = ? AND visible_at <= ? ORDER BY processed_name`);
  const processedNamed = db.prepare(`${FILES} WHERE account = ? AND processed_name = ? AND visible_at <= ?`);
  const anyProcessed = db.prepare('SELECT 1 FROM file WHERE account = ? AND visible_at <= ? LIMIT 1');
  const insert = db.prepare(
    `INSERT INTO file (account, mode, name, size, mtime, created_at, open, touched_at, expected)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?6, ?8) RETURNING id`,
  );
  const insertImport = db.prepare(
    'INSERT INTO import (file, state, due_at, received_at, created_at) VALUES (?1, ?2, ?3, ?4, ?4) RETURNING id, created_at',
  );
  const reopen = db.prepare('UPDATE file SET open = 1, touched_at = ? WHERE id = ?');
  const restart = db.prepare(
    `UPDATE import SET state = 'incomplete', released = 0, problem = NULL WHERE id = (SELECT max(id) FROM import WHERE file = ?)`,
  );
  const keep = db.prepare(
    'UPDATE file SET open = 0, size = ?, expected = coalesce(?, expected), touched_at = ? WHERE id = ?',
  );
  const settle = db.prepare(
    `UPDATE import SET state = 'settling', released = 0, problem = NULL, due_at = ?, received_at = ?
     WHERE file = ? AND state IN ('incomplete', 'settling', 'held', 'cancelled') RETURNING id, created_at`,
  );
  const cancel = db.prepare(
    `UPDATE import SET state = 'cancelled' WHERE file = ? AND state NOT IN ('processing', 'completed', 'rejected')`,
  );
  const hasImport = db.prepare('SELECT 1 FROM import WHERE file = ?');
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
  const unfinished = db.prepare(
    `SELECT file.id, file.created_at, file.mode, file.name, file.size, account.name AS account_name
     FROM file JOIN account ON account.id = file.account
     WHERE visible_at IS NULL AND removed_at IS NULL AND open = 0 AND touched_at <= ?
     AND NOT EXISTS (SELECT 1 FROM import WHERE file = file.id AND state NOT IN ('incomplete', 'cancelled'))
     LIMIT ${EXPIRED_AT_ONCE}`,
  );
  const open = db.prepare('SELECT id, created_at FROM file WHERE open = 1 AND removed_at IS NULL');
  const isOpen = db.prepare('SELECT open FROM file WHERE id = ?');

  const small = smallFiles(db);

  const rowOf = (id: FileId): number => {
    const decoded = db.ids.file.decode(id);
    if (!decoded) throw new Error(`${id} is no file id`);
    return decoded.row;
  };

  /** The file of that name that may still change, or else the newest that is still there, or else its tombstone. */
  function find({ account, mode, name }: UploadPath, now: number) {
    const path = [accountRow(db, account), modeBit(mode), name] as const;
    const waits = waitingNamed.get(...path) as FileRow | undefined;
    const waiting = waits && { row: waits, state: stateOf(waits, now) as Entry['state'] };
    if (waiting?.state === 'open') return waiting;
    const newest = atPath.get(...path) as FileRow | undefined;
    if (!newest) return undefined;
    const state = stateOf(newest, now);
    if (state === 'taken') return { row: newest, state };
    if (waiting) return waiting; // e.g. its import is being tried again
    const leaving = leavingNamed.get(path[0], now, path[1], name) as FileRow | undefined;
    if (leaving) return { row: leaving, state: 'taken' as const }; // begun under another name before the newest, which has moved
    return state === 'moved' ? { row: newest, state } : undefined;
  }

  function add({ account, mode, name }: UploadPath, file: NewFile): number {
    const { size, mtime, now, open, expected } = file;
    const path = [accountRow(db, account), modeBit(mode), name] as const;
    return Number(insert.get(...path, size, mtime, now, open, expected)?.['id']);
  }

  /** It is no longer at its path, and is not imported. */
  function discard(file: number, now: number): void {
    remove.run(now, file);
    cancel.run(file);
    small.drop(file);
  }

  /** The file's bytes are complete: an eligible name becomes an import, any other is only kept. */
  function commit(file: number, { eligible, now, due }: Commit): ImportId | undefined {
    if (!eligible) {
      cancel.run(file);
      return undefined;
    }
    const isNew = !hasImport.get(file);
    const row = isNew ? insertImport.get(file, 'settling', due, now) : settle.get(due, now, file);
    return row && (db.ids.import.encode(Number(row['id']), Number(row['created_at'])) as ImportId);
  }

  return {
    hasProcessedFiles: (account, now) => anyProcessed.get(accountRow(db, account), now) !== undefined,

    listFolder: (account, folder, now) => {
      if (folder === 'imports_processed' || folder === 'imports_reports') {
        const rows = processed.all(accountRow(db, account), now) as FileRow[];
        return rows.flatMap((row) => processedEntries(db, folder, row));
      }
      const rows = waiting.all(accountRow(db, account), modeBit(folder), now) as FileRow[];
      const shown = new Map<string, FileRow>(); // the one that may change, or the newest, hides those that are about to move
      for (const row of rows) {
        if (!shown.has(row.name) || stateOf(row, now) === 'open') shown.set(row.name, row);
      }
      return [...shown.values()].map((row) => uploadEntry(db, row, stateOf(row, now) as Entry['state']));
    },

    findEntry: (account, folder, name, now) => {
      if (folder === 'test' || folder === 'live') {
        const found = find({ account, mode: folder, name }, now);
        return found && uploadEntry(db, found.row, found.state);
      }
      const own = folder === 'imports_processed' ? name : name.replace(/\.(report|rejected)\.csv$/, '');
      const row = processedNamed.get(accountRow(db, account), own, now) as FileRow | undefined;
      return row && processedEntries(db, folder, row).find((one) => one.name === name);
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
          return ok({ file: fileId(db, found.row), fresh: false });
        }
        const row = add(path, { size: 0, mtime: now, now, open: 1, expected: 0 });
        if (eligible) insertImport.get(row, 'incomplete', 0, now);
        const file = fileId(db, { id: row, created_at: now });
        return ok({ file, fresh: true, ...(found && { continues: fileId(db, found.row) }) });
      }),

    commitUpload: (file, { size, expected, mtime, ...how }) =>
      db.transaction(() => {
        keep.run(size, expected ?? null, how.now, rowOf(file));
        setMtime.run(mtime, rowOf(file));
        commit(rowOf(file), how);
      }),

    putUpload: ({ account, mode, name, bytes: content, mtime, expected, ...how }) =>
      db.transaction(() => {
        const path = { account, mode, name };
        if (find(path, how.now)?.state === 'open') return refused('exists', `${name} is there already.`);
        const row = add(path, { size: content.length, mtime, now: how.now, open: 0, expected });
        small.put(row, content);
        commit(row, how);
        return ok(undefined);
      }),

    fileBytes: (file) => small.of(rowOf(file)),

    dropFileBytes: (file) => small.drop(rowOf(file)),

    abandonUpload: (file, { size, expected, now }) => void keep.run(size, expected ?? null, now, rowOf(file)),

    expireUploads: (before, now) =>
      db.transaction(() => {
        const expired = unfinished.all(before) as ExpiredRow[];
        for (const { id } of expired) discard(id, now);
        return expired.map((row) => {
          const { account_name: account, name, size } = row;
          return { file: fileId(db, row), account, mode: modeOf(row.mode), name, size };
        });
      }),

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
        if (replaced) discard(replaced.id, how.now);
        rename.run(to, how.now, source.row.id);
        const isClosed = isOpen.get(source.row.id)?.['open'] === 0;
        const begun = isClosed ? commit(source.row.id, how) : undefined;
        return ok({ ...(replaced && { replaced: fileId(db, replaced) }), ...(begun && { import: begun }) });
      }),

    removeUpload: (path, now) =>
      db.transaction(() => {
        const found = find(path, now);
        if (!found || found.state === 'moved') return refused('absent', `There is no file ${path.name}.`);
        if (found.state === 'taken') return refused('taken', `${path.name} is being imported.`);
        discard(found.row.id, now);
        return ok(fileId(db, found.row));
      }),

    openUploads: () => (open.all() as { id: number; created_at: number }[]).map((row) => fileId(db, row)),
  };
}
