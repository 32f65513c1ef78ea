// The reference: an importer as one would write it in a day. Prints the seconds it took.
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'csv-parse';
import { parse as parseYaml } from 'yaml';

const BATCH = 1_000;

const [file = ''] = process.argv.slice(2);
const product = parseYaml(
  readFileSync(new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ allErrors: true, strict: false, validateFormats: false });
const checkPolicy = ajv.compile(product.policy);

const database = new DatabaseSync(`${file}.db`);
database.exec(`
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE policy (id TEXT PRIMARY KEY, account TEXT, mode TEXT, key TEXT, hash TEXT, net INTEGER, tax INTEGER,
    document TEXT, created_at TEXT, UNIQUE (account, mode, key));
  CREATE TABLE event (id TEXT PRIMARY KEY, type TEXT, policy TEXT)`);
const insert = database.prepare(
  'INSERT INTO policy VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
);
const event = database.prepare('INSERT INTO event VALUES (?, ?, ?)');

const start = performance.now();
let batch: Record<string, string>[] = [];
for await (const row of createReadStream(file).pipe(parse({ columns: true, bom: true, trim: true }))) {
  batch.push(row);
  if (batch.length === BATCH) commit();
}
commit();
process.stdout.write(String((performance.now() - start) / 1000));

function commit(): void {
  database.exec('BEGIN');
  for (const row of batch) buy(row);
  database.exec('COMMIT');
  batch = [];
}

function buy(row: Record<string, string>): void {
  const wish = nested(row);
  if (!checkPolicy(wish['policy'])) throw new Error(JSON.stringify(checkPolicy.errors));
  const document = JSON.stringify(wish);
  const net = Math.round(Number(row['quote.data.protected_element.1.price']) * 0.3456);
  const tax = Math.round(net * 0.19);
  const hash = createHash('sha256').update(document).digest('hex');
  const id = `tpol_${randomUUID()}`;
  insert.run(
    id,
    'partner',
    'test',
    row['idempotency_key'] ?? '',
    hash,
    net,
    tax,
    document,
    new Date().toISOString(),
  );
  event.run(randomUUID(), 'policy.created', id);
}

type Tree = { [name: string]: Tree | string | number };

function nested(row: Record<string, string>): Tree {
  const root: Tree = {};
  for (const [path, text] of Object.entries(row)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let node = root;
    for (const name of names) {
      node[name] ??= {};
      node = node[name] as Tree;
    }
    const isNumber = /quantity|value$/.test(last);
    if (text !== '') node[last] = isNumber ? Number(text) : text;
  }
  return root;
}
