import type { Database } from './connection.ts';

/** The bytes of small files, which came with their record; those of all others are in the spool. */
export function smallFiles(db: Database) {
  const insert = db.prepare('INSERT INTO small_file VALUES (?, ?)');
  const select = db.prepare('SELECT bytes FROM small_file WHERE file = ?');
  const remove = db.prepare('DELETE FROM small_file WHERE file = ?');
  return {
    put: (file: number, bytes: Uint8Array): void => void insert.run(file, bytes),
    of: (file: number) => select.get(file)?.['bytes'] as Uint8Array | undefined,
    drop: (file: number): void => void remove.run(file),
  };
}
