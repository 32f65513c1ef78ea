// Fills a finished store with policies until it holds as many as told, each with a key of its own in its true slot. Arguments: the data
// directory and the number.
import { randomBytes } from 'node:crypto';
import { openDatabase } from '../../src/store/sqlite/connection.ts';
import { keyedSlots, keyText } from '../../src/store/sqlite/keys.ts';

const AT_ONCE = 20_000;

const [dataDir = '', number = '0'] = process.argv.slice(2);
const db = openDatabase(dataDir, 'writer');
db.exec('PRAGMA synchronous = OFF'); // it is only made for a measurement
const slotOf = keyedSlots(db.secret);
const insertSlot = db.prepare('INSERT INTO policy_key VALUES (?, ?)');
const insertLike = db.prepare(
  `INSERT INTO policy SELECT ?, account, mode, ?, hash, shape, leaves, net, tax, start_day, end_day, NULL, NULL, NULL, created_at
   FROM policy WHERE id = 1 + ? % 1000`,
);
const { last } = db.prepare('SELECT max(id) AS last FROM policy').get() as { last: number };
const { account, mode } = db.prepare('SELECT account, mode FROM policy WHERE id = 1').get() as {
  account: number;
  mode: number;
};
for (let id = last + 1; id <= Number(number); ) {
  db.transaction(() => {
    for (const end = Math.min(id + AT_ONCE, Number(number) + 1); id < end; id++) {
      const key = randomBytes(16);
      insertSlot.run(slotOf(account, mode, keyText(key)), id);
      insertLike.run(id, key, id);
    }
  });
}
db.close();
