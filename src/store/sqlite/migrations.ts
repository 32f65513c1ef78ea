import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { FIRST_SCHEMA } from './schema.ts';

/** Forward only: number n brings a database from version n to n + 1. A landed migration is never edited. */
const MIGRATIONS: readonly ((sql: DatabaseSync) => void)[] = [
  (sql) => {
    sql.exec(FIRST_SCHEMA);
    sql.prepare('INSERT INTO meta VALUES (?, ?)').run('secret', randomBytes(32));
  },
];

/** Brings the schema to what this program knows; refuses a database that a newer program has written. */
export function migrate(sql: DatabaseSync): void {
  const version = Number(sql.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version > MIGRATIONS.length) {
    throw new Error(
      `The database has version ${version}, and this program knows versions up to ${MIGRATIONS.length}: it was written by a newer policydrop. Update the program.`,
    );
  }
  if (version === MIGRATIONS.length) return;
  for (const step of MIGRATIONS.slice(version)) step(sql);
  sql.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}
