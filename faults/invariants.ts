// What must hold at every moment, looked up in the database itself by a program that shares no code with the store.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Each invariant of ARCHITECTURE.md as a query for what breaks it. */
const BREACHES: Readonly<Record<string, string>> = {
  'the database is sound': `SELECT * FROM pragma_quick_check WHERE quick_check <> 'ok'`,
  'the rows of an import = created + duplicates + rejected': `
    SELECT id, rows, created, duplicates, rejected FROM import WHERE rows <> created + duplicates + rejected`,
  'an import has as many policies as it counts': `
    SELECT import.id, created, count(policy.id) AS policies FROM import LEFT JOIN policy ON policy.import = import.id
    GROUP BY import.id HAVING created <> policies`,
  'the chunks of an import name its policies': `
    SELECT import_chunk.import, chunk, policy_to - policy_from + 1 AS named, count(policy.id) AS policies FROM import_chunk
    LEFT JOIN policy ON policy.id BETWEEN policy_from AND policy_to AND policy.import = import_chunk.import
    GROUP BY import_chunk.import, chunk HAVING named <> policies`,
  'an import has as many other outcomes as it counts': `
    SELECT import.id, duplicates + rejected AS counted, count(row_outcome.row) AS outcomes FROM import
    LEFT JOIN row_outcome ON row_outcome.import = import.id GROUP BY import.id HAVING counted <> outcomes`,
  'a row is decided once': `
    SELECT import, row, count(*) AS decisions FROM
      (SELECT import, row FROM policy WHERE import IS NOT NULL UNION ALL SELECT import, row FROM row_outcome)
    GROUP BY import, row HAVING decisions <> 1`,
  'the decided rows of an import are its first ones': `
    SELECT import.id, rows, max(decided.row) AS last FROM import JOIN
      (SELECT import, row FROM policy UNION ALL SELECT import, row FROM row_outcome) AS decided ON decided.import = import.id
    GROUP BY import.id HAVING rows <> last`,
  'a key of an account and mode has one policy': `
    SELECT account, mode, key, count(*) AS policies FROM policy GROUP BY account, mode, key HAVING policies <> 1`,
  'every policy stands in the key table': `
    SELECT policy.id FROM policy LEFT JOIN policy_key ON policy_key.policy = policy.id WHERE policy_key.slot IS NULL`,
  'every key stands for a policy': `
    SELECT slot FROM policy_key LEFT JOIN policy ON policy.id = policy_key.policy WHERE policy.id IS NULL`,
  'every policy has its event': `
    SELECT import.id, created, coalesce(sum(count), 0) AS events FROM import LEFT JOIN event ON event.import = import.id AND event.type = 1
    GROUP BY import.id HAVING created <> events`,
  'events of created policies stand for policies of their import': `
    SELECT event.id, event.count, count(policy.id) AS policies FROM event
    LEFT JOIN policy ON policy.id BETWEEN first_policy AND first_policy + event.count - 1 AND coalesce(policy.import, 0) = event.import
    WHERE event.type = 1 GROUP BY event.id HAVING policies <> event.count`,
  'every policy that no file bought has one event': `
    SELECT policy.id, count(event.id) AS events FROM policy LEFT JOIN event ON event.first_policy = policy.id AND event.type = 1
    WHERE policy.import IS NULL GROUP BY policy.id HAVING events <> 1`,
  'an offer is no policy': 'SELECT offer.id FROM offer JOIN policy ON policy.id = offer.id',
  'no id was used by an offer that is not remembered': `
    SELECT id FROM offer WHERE id > (SELECT seq FROM sqlite_sequence WHERE name = 'offer')`,
  'the revisions of a policy follow each other, and the first is kept when no file tells who bought it': `
    SELECT policy.id, min(revision) AS first, max(revision) AS last, count(revision) AS revisions
    FROM policy LEFT JOIN policy_revision ON policy_revision.policy = policy.id
    WHERE policy.import IS NULL OR revision IS NOT NULL GROUP BY policy.id
    HAVING first IS NOT iif(policy.import IS NULL, 1, 2) OR last - first + 1 <> revisions`,
  'exactly the changes have an event': `
    SELECT policy, policy_revision.revision, count(event.id) AS events FROM policy_revision
    LEFT JOIN event ON event.first_policy = policy AND event.revision = policy_revision.revision AND event.type = 32
    GROUP BY policy, policy_revision.revision HAVING events <> (policy_revision.revision > 1)`,
  'no change is told of that was not made': `
    SELECT event.id FROM event LEFT JOIN policy_revision ON policy = first_policy AND policy_revision.revision = event.revision
    WHERE event.type = 32 AND policy IS NULL`,
  'every rejected row has its event, unless it was good and came too late': `
    SELECT import.id, (SELECT count(*) FROM row_outcome WHERE import = import.id AND rejection IS NOT NULL
      AND json_extract(rejection, '$.errors[0].code') NOT IN ('cancelled', 'file_rejected')) AS bad,
      count(event.id) AS events FROM import LEFT JOIN event ON event.import = import.id AND event.type = 2
    GROUP BY import.id HAVING bad <> events`,
  'exactly the imports that ended have an event that says so': `
    SELECT import.id, state, count(event.id) AS events FROM import LEFT JOIN event ON event.import = import.id AND event.type IN (4, 8)
    GROUP BY import.id HAVING events <> (completed_at IS NOT NULL)`,
  'an import that was completed or rejected has ended, and one that waits or runs has not': `
    SELECT id, state FROM import WHERE state <> 'cancelled' AND (completed_at IS NOT NULL) <> (state IN ('completed', 'rejected'))`,
  'a file has one import at most that has not ended': `
    SELECT file, count(*) AS open FROM import WHERE state NOT IN ('completed', 'rejected', 'cancelled') GROUP BY file HAVING open > 1`,
  'a file in the store is there, with as many bytes as it should have': `
    SELECT file.id, size, length(bytes) AS bytes FROM small_file JOIN file ON file.id = small_file.file
    WHERE size <> length(bytes) OR removed_at IS NOT NULL`,
  'event numbers are consecutive': `
    SELECT id, next FROM (SELECT id, lag(id + count) OVER (ORDER BY id) AS next FROM event) WHERE next <> id`,
  'exactly the files of imports that ended have moved': `
    SELECT file.id FROM file WHERE (processed_name IS NOT NULL) <>
      EXISTS (SELECT 1 FROM import WHERE import.file = file.id AND completed_at IS NOT NULL)`,
};

/** What is broken in the store of a data directory, a line each; empty when all is well. */
export function brokenInvariants(data: string): string[] {
  const database = new DatabaseSync(join(data, 'policydrop.db'), { timeout: 10_000 });
  try {
    return Object.entries(BREACHES).flatMap(([invariant, query]) =>
      database
        .prepare(`${query} LIMIT 3`)
        .all()
        .map((breach) => `${invariant}: ${JSON.stringify(breach)}`),
    );
  } finally {
    database.close();
  }
}
