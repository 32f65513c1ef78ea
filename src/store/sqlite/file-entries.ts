import type { FileId } from '../../domain/ids.ts';
import type { Entry } from '../../domain/upload.ts';
import type { Database } from './connection.ts';

/** Clients that look back at the old path find it for so long after the move: rclone, WinSCP, paramiko and others do. */
const TOMBSTONE = 15 * 60_000;

export type FileRow = {
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
  rows: number | null;
};

const OPEN_STATES = new Set([null, 'incomplete', 'settling', 'held', 'cancelled']);

/** Whether a file may still change, belongs to its import, or has moved; `gone` when even its tombstone is. */
export function stateOf(row: FileRow, now: number): Entry['state'] | 'gone' {
  if (row.visible_at !== null) {
    if (row.visible_at > now) return 'taken';
    return row.visible_at + TOMBSTONE > now ? 'moved' : 'gone';
  }
  if ((row.rows ?? 0) > 0) return 'taken'; // what has given rows never changes
  const untouched = row.state === 'queued' && row.started_at === null;
  return OPEN_STATES.has(row.state) || untouched ? 'open' : 'taken';
}

export function fileId(db: Database, { id, created_at }: Pick<FileRow, 'id' | 'created_at'>): FileId {
  return db.ids.file.encode(id, created_at) as FileId;
}

/** The partner's own file, as it stands in the folder it was dropped into. */
export function uploadEntry(db: Database, row: FileRow, state: Entry['state']): Entry {
  const { name, size, mtime } = row;
  return { file: fileId(db, row), name, size, mtime, content: 'file', state };
}

/** What a processed file shows in one of the folders that appear with it: itself, or its reports. */
export function processedEntries(
  db: Database,
  folder: 'imports_processed' | 'imports_reports',
  row: FileRow,
): Entry[] {
  const file = uploadEntry(db, row, 'taken');
  const name = row.processed_name ?? row.name;
  if (folder === 'imports_processed') return [{ ...file, name }];
  const mtime = row.visible_at ?? row.mtime;
  const rejected: Entry[] =
    row.rejected_size === null
      ? []
      : [{ ...file, name: `${name}.rejected.csv`, size: row.rejected_size, mtime, content: 'rejected' }];
  return [
    ...rejected,
    { ...file, name: `${name}.report.csv`, size: row.report_size ?? 0, mtime, content: 'report' },
  ];
}
