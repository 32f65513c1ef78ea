import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { isCurrent, migrate } from './migrations.ts';
import { type PublicIds, publicIds } from './public-ids.ts';

export const FILE_NAME = 'policydrop.db';

const BUSY_TIMEOUT = 10_000; // ms: another process (the CLI) writes for a moment
const WRITER_CACHE = 12; // MB: what a chunk of 2 000 rows changes in a grown store (9), and the key index's inner pages (1)
const READER_CACHE = 4; // MB: a page of a list
const WAL_PAUSE = 10; // ms between tries to switch a new database to WAL
const AUTOCHECKPOINT = 20_000; // pages: an 80 MB log; larger ones write less but stall longer (measured)
const FULL = 2; // PRAGMA synchronous
const SQLITE_BUSY = 5; // in the low byte of an error code; the rest says of what kind

/** One connection with what every statement needs: prepared statements, ids, the secret of the key table. */
export type Database = {
  readonly prepare: (sql: string) => StatementSync;
  readonly ids: PublicIds;
  readonly secret: Uint8Array;
  /** Runs `work` in one transaction that begins as a writer, or in the one under way; whatever it throws undoes all of it. */
  transaction<T>(work: () => T): T;
  /** Runs `work` over one state of the database; it may write to temporary tables only. */
  read<T>(work: () => T): T;
  readonly exec: (sql: string) => void;
  close(): void;
};

/** Opens the database in `directory`, durable at every commit; makes or migrates it first. */
export function openDatabase(directory: string, role: 'writer' | 'reader'): Database {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const file = join(directory, FILE_NAME);
  const sql = new DatabaseSync(file);
  chmodSync(file, 0o600);
  const cache = role === 'writer' ? WRITER_CACHE : READER_CACHE;
  switchToWal(sql);
  sql.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
    PRAGMA cache_size = ${-cache * 1024}; PRAGMA wal_autocheckpoint = ${AUTOCHECKPOINT}`);
  assertDurable(sql);
  const transaction = transactions(sql, 'BEGIN IMMEDIATE');
  if (!isCurrent(sql)) transaction(() => migrate(sql));
  const secret = sql.prepare('SELECT value FROM meta WHERE name = ?').get('secret')?.['value'] as Uint8Array;
  return {
    prepare: (text) => sql.prepare(text),
    ids: publicIds(secret),
    secret,
    transaction,
    read: transactions(sql, 'BEGIN'),
    exec: (text) => sql.exec(text),
    close: () => sql.close(),
  };
}

/** SQLite's own timeout does not hold for this switch, so processes that make a database together take turns here. */
function switchToWal(sql: DatabaseSync): void {
  for (let waited = 0; !isInWal(sql, waited >= BUSY_TIMEOUT); waited += WAL_PAUSE) {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAL_PAUSE);
  }
}

/** Whether the switch went through; false while another process is in the way, unless it is the `last` try. */
function isInWal(sql: DatabaseSync, last: boolean): boolean {
  try {
    sql.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = WAL');
    return true;
  } catch (error) {
    const isBusy = (Number((error as { errcode?: number }).errcode) & 0xff) === SQLITE_BUSY;
    if (last || !isBusy) throw error;
    return false;
  }
}

function assertDurable(sql: DatabaseSync): void {
  const synchronous = sql.prepare('PRAGMA synchronous').get()?.['synchronous'];
  const journal = sql.prepare('PRAGMA journal_mode').get()?.['journal_mode'];
  if (synchronous !== FULL || journal !== 'wal') {
    throw new Error(`The database would not be durable: synchronous ${synchronous}, journal ${journal}.`);
  }
}

function transactions(sql: DatabaseSync, begin: string): Database['transaction'] {
  const [first, last] = [sql.prepare(begin), sql.prepare('COMMIT')];
  return (work) => {
    if (sql.isTransaction) return work();
    first.run();
    try {
      const value = work();
      last.run();
      return value;
    } catch (error) {
      if (sql.isTransaction) sql.exec('ROLLBACK');
      throw error;
    }
  };
}
