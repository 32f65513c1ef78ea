import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isCurrent, migrate } from './migrations.ts';
import { type PublicIds, publicIds } from './public-ids.ts';

export const FILE_NAME = 'policydrop.db';

const BUSY_TIMEOUT = 10_000; // ms: another process (the CLI) writes for a moment
const WRITER_CACHE = 10; // MB: what a chunk of 1 000 rows changes in a grown store (5), and the key index's inner pages (1)
const READER_CACHE = 4; // MB: a page of a list
const AUTOCHECKPOINT = 20_000; // pages: an 80 MB log; larger ones write less but stall longer (measured)
const FULL = 2; // PRAGMA synchronous

/** One connection with what every statement needs: prepared statements, ids, the secret of the key table. */
export type Database = {
  readonly prepare: (sql: string) => StatementSync;
  readonly ids: PublicIds;
  readonly secret: Uint8Array;
  /** Runs `work` in one transaction that begins as a writer; whatever it throws undoes all of it. */
  transaction<T>(work: () => T): T;
  close(): void;
};

/** Opens the database in `directory`, durable at every commit; makes or migrates it first. */
export function openDatabase(directory: string, role: 'writer' | 'reader'): Database {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, FILE_NAME);
  const sql = new DatabaseSync(file, { timeout: BUSY_TIMEOUT });
  chmodSync(file, 0o600);
  const cache = role === 'writer' ? WRITER_CACHE : READER_CACHE;
  sql.exec(`PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    PRAGMA cache_size = ${-cache * 1024}; PRAGMA wal_autocheckpoint = ${AUTOCHECKPOINT}; PRAGMA foreign_keys = ON`);
  assertDurable(sql);
  const transaction = transactions(sql);
  if (!isCurrent(sql)) transaction(() => migrate(sql));
  const secret = sql.prepare('SELECT value FROM meta WHERE name = ?').get('secret')?.['value'] as Uint8Array;
  return {
    prepare: (text) => sql.prepare(text),
    ids: publicIds(secret),
    secret,
    transaction,
    close: () => sql.close(),
  };
}

function assertDurable(sql: DatabaseSync): void {
  const synchronous = sql.prepare('PRAGMA synchronous').get()?.['synchronous'];
  const journal = sql.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  if (synchronous !== FULL || journal !== 'wal') {
    throw new Error(`The database would not be durable: synchronous ${synchronous}, journal ${journal}.`);
  }
}

function transactions(sql: DatabaseSync): Database['transaction'] {
  return (work) => {
    sql.exec('BEGIN IMMEDIATE');
    try {
      const value = work();
      sql.exec('COMMIT');
      return value;
    } catch (error) {
      if (sql.isTransaction) sql.exec('ROLLBACK');
      throw error;
    }
  };
}
