import type { ImportId } from '../../domain/ids.ts';
import type { ImportCounts } from '../../domain/import.ts';
import { ok } from '../../domain/refusal.ts';
import type { ImportStore } from '../import-store.ts';
import { type Claims, importRows } from './claims.ts';
import type { Database } from './connection.ts';
import { KEY_TEXT } from './keys.ts';
import type { Methods } from './methods.ts';

type ChunkRow = {
  chunk: number;
  first_row: number;
  last_row: number;
  policy_from: number;
  policy_to: number;
};

/** The same bytes again: the outcomes of the import before become those of this one, as duplicates. */
export function repeatMethods(
  db: Database,
  claims: Claims,
): Pick<Methods<ImportStore>, 'sameImport' | 'repeatChunk'> {
  const rowOf = importRows(db);
  const same = db.prepare(
    `SELECT other.id, other.created_at FROM import JOIN file ON file.id = import.file
     JOIN file AS its ON its.account = file.account AND its.mode = file.mode AND its.sha256 = ?2
     JOIN import AS other ON other.file = its.id
     WHERE import.id = ?1 AND other.state = 'completed' AND other.rejected = 0 AND other.rows > 0
       AND (import.rows = 0 OR import.byte_offset = 0) ORDER BY other.id LIMIT 1`,
  );
  const next = db.prepare(
    'SELECT import_chunk.* FROM import_chunk WHERE import = ?1 AND first_row = 1 + (SELECT rows FROM import WHERE id = ?2)',
  );
  const repeatCreated = db.prepare(
    `INSERT INTO row_outcome SELECT ?1, row, line, ${KEY_TEXT}, id, NULL FROM policy WHERE id BETWEEN ?2 AND ?3`,
  );
  const repeatOthers = db.prepare(
    `INSERT INTO row_outcome SELECT ?1, row, line, key, policy, NULL FROM row_outcome WHERE import = ?2 AND row BETWEEN ?3 AND ?4`,
  );
  const insertChunk = db.prepare('INSERT INTO import_chunk VALUES (?, ?, ?, ?, 0, -1)');
  const advance = db.prepare(
    `UPDATE import SET chunks = chunks + 1, rows = ?2, duplicates = ?2, problem = NULL,
       byte_offset = CASE ?2 WHEN (SELECT rows FROM import WHERE id = ?3) THEN text_bytes ELSE 0 END WHERE id = ?1
     RETURNING rows, created, duplicates, rejected`,
  );

  return {
    sameImport: (id, sha256) => {
      const found = same.get(rowOf(id), sha256) as { id: number; created_at: number } | undefined;
      return found && (db.ids.import.encode(found.id, found.created_at) as ImportId);
    },
    repeatChunk: (id, epoch, earlier) =>
      db.transaction(() => {
        const claim = claims.prove(id, epoch);
        if (!claim.ok) return claim;
        const own = claim.value.import;
        const other = rowOf(earlier);
        const chunk = next.get(other, own) as ChunkRow | undefined;
        if (!chunk) return ok(undefined);
        const { first_row, last_row, policy_from, policy_to } = chunk;
        const rows =
          Number(repeatCreated.run(own, policy_from, policy_to).changes) +
          Number(repeatOthers.run(own, other, first_row, last_row).changes);
        if (rows !== last_row - first_row + 1)
          throw new Error(`${rows} outcomes stand for rows ${first_row} to ${last_row}`);
        insertChunk.run(own, chunk.chunk, first_row, last_row);
        return ok(advance.get(own, last_row, other) as ImportCounts);
      }),
  };
}
