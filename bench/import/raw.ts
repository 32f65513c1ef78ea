// The raw limit: the policies of a finished store, inserted into the same schema by prepared statements, with their keys, chunks and
// events; nothing is parsed, checked or looked for. Arguments: the finished data directory and an empty one. Prints the seconds.

import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { FILE_NAME, openDatabase } from '../../src/store/sqlite/connection.ts';

const CHUNK = 1_000;
const PARENTS = ['account', 'file', 'import', 'product_version', 'shape']; // that the rows refer to

type Row = SQLInputValue[];

const [finished = '', empty = ''] = process.argv.slice(2);
const from = new DatabaseSync(join(finished, FILE_NAME), { readOnly: true, returnArrays: true });
const slots = slotsOfPolicies();
const db = openDatabase(empty, 'writer');
db.transaction(() => {
  for (const table of PARENTS) for (const row of rowsOf(table)) insertInto(table, row.length).run(...row);
});

const policies = from.prepare('SELECT * FROM policy WHERE id > ? ORDER BY id LIMIT ?');
const insertPolicy = insertInto('policy', 15);
const insertSlot = insertInto('policy_key', 2);
const insertChunk = insertInto('import_chunk', 6);
const insertEvent = db.prepare(
  `INSERT INTO event (id, count, account, mode, type, import, first_policy, row, created_at) VALUES (${'?, '.repeat(8)}?)`,
);

let ms = 0;
let last = 0;
for (let chunk = 0; ; chunk++) {
  const rows = policies.all(last, CHUNK) as unknown as Row[];
  if (rows.length === 0) break;
  const first = last + 1;
  last = Number(rows.at(-1)?.[0]);
  const start = performance.now();
  db.transaction(() => {
    for (const row of rows) {
      insertSlot.run(slots[Number(row[0])] ?? 0, row[0] ?? null);
      insertPolicy.run(...row);
    }
    insertChunk.run(1, chunk, first, last, first, last);
    insertEvent.run(first, rows.length, 1, 1, 1, 1, first, null, 0);
  });
  ms += performance.now() - start;
}
const start = performance.now();
db.close(); // folds the log into the database
process.stdout.write(String((ms + performance.now() - start) / 1000));

function slotsOfPolicies(): Float64Array {
  const count = Number((from.prepare('SELECT max(id) FROM policy').get() as unknown as Row)[0]);
  const found = new Float64Array(count + 1);
  for (const row of from.prepare('SELECT slot, policy FROM policy_key').iterate() as Iterable<unknown>) {
    const [slot, policy] = row as [number, number];
    found[policy] = slot;
  }
  return found;
}

function rowsOf(table: string): Row[] {
  return from.prepare(`SELECT * FROM ${table}`).all() as unknown as Row[];
}

function insertInto(table: string, columns: number) {
  return db.prepare(`INSERT INTO ${table} VALUES (${new Array(columns).fill('?').join(', ')})`);
}
