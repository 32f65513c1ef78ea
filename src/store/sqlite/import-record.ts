import type { FileId, ImportId } from '../../domain/ids.ts';
import type { Import, ImportState } from '../../domain/import.ts';
import type { Verdict } from '../../domain/rejection-codes.ts';
import { modeOf } from './bits.ts';
import type { Database } from './connection.ts';

export type ImportRow = {
  id: number;
  file: number;
  state: ImportState;
  due_at: number;
  epoch: number;
  released: number;
  verdict: Verdict | null;
  text_bytes: number;
  edition: number | null;
  run_rows: number;
  run_offset: number;
  run_at: number | null;
  rows: number;
  byte_offset: number;
  line: number;
  created: number;
  duplicates: number;
  rejected: number;
  problem: string | null;
  created_at: number;
  received_at: number;
  started_at: number | null;
  completed_at: number | null;
  account: number;
  account_name: string;
  mode: number;
  name: string;
  size: number;
  expected: number;
  sha256: string | null;
  file_created_at: number;
};

export const IMPORTS = `
  SELECT import.*, file.account, account.name AS account_name, file.mode, file.name, file.size, file.expected, file.sha256,
    file.created_at AS file_created_at
  FROM import JOIN file ON file.id = import.file JOIN account ON account.id = file.account`;

/** An import as everybody sees it; one that only waits for its turn reads `queued`. */
export function importOf(db: Database, row: ImportRow, now: number): Import {
  const { rows, created, duplicates, rejected, size, received_at } = row;
  return {
    id: db.ids.import.encode(row.id, row.created_at) as ImportId,
    file_id: db.ids.file.encode(row.file, row.file_created_at) as FileId,
    account: row.account_name,
    mode: modeOf(row.mode),
    file: row.name,
    size,
    sha256: row.sha256 ?? undefined,
    state: row.state === 'settling' && row.due_at <= now ? 'queued' : row.state,
    rows,
    created,
    duplicates,
    rejected,
    bytes_read: row.byte_offset,
    bytes: row.text_bytes || size,
    run:
      row.state === 'processing' && row.run_at !== null
        ? { rows: row.run_rows, bytes_read: row.run_offset, at: row.run_at }
        : undefined,
    problem: row.problem ?? undefined,
    received_at,
    started_at: row.started_at ?? undefined,
    completed_at: row.completed_at ?? undefined,
  };
}
