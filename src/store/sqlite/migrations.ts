import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { FIRST_SCHEMA } from './schema.ts';

const KEY_OPTIONS = `
ALTER TABLE ssh_key ADD COLUMN expires_at INTEGER;
ALTER TABLE ssh_key ADD COLUMN networks TEXT NOT NULL DEFAULT '[]';
`;

const AUTHORITIES = `
ALTER TABLE ssh_key ADD COLUMN principals TEXT;
CREATE TABLE revocation (
  account INTEGER NOT NULL REFERENCES account, revoked TEXT NOT NULL, created_at INTEGER NOT NULL,
  PRIMARY KEY (account, revoked)) STRICT, WITHOUT ROWID;
`;

const EXPECTED = `
ALTER TABLE file ADD COLUMN expected INTEGER NOT NULL DEFAULT 0;
`;

const FLOW = `
ALTER TABLE account ADD COLUMN bad_rows TEXT NOT NULL DEFAULT 'reject-rows';
ALTER TABLE import ADD COLUMN verdict TEXT;
ALTER TABLE import ADD COLUMN text_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN run_rows INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN run_offset INTEGER NOT NULL DEFAULT 0;
ALTER TABLE import ADD COLUMN run_at INTEGER;
CREATE INDEX file_bytes ON file (account, mode, sha256) WHERE sha256 IS NOT NULL;
`;

// What was bought stays in policy as it was bought; the few policies that change, or were bought over REST, have revisions.
// AUTOINCREMENT remembers the highest id after its offer is gone. Who wanted every event wants the new one, too.
const LIFE = `
CREATE TABLE offer (
  id INTEGER PRIMARY KEY AUTOINCREMENT, account INTEGER NOT NULL, mode INTEGER NOT NULL, key TEXT NOT NULL, hash BLOB NOT NULL,
  shape INTEGER NOT NULL, leaves TEXT NOT NULL, net INTEGER NOT NULL, tax INTEGER NOT NULL,
  start_day INTEGER NOT NULL, end_day INTEGER NOT NULL, created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL) STRICT;
CREATE UNIQUE INDEX offer_key ON offer (account, mode, key);
CREATE INDEX offer_expiry ON offer (expires_at);
CREATE TABLE policy_revision (
  policy INTEGER NOT NULL REFERENCES policy, revision INTEGER NOT NULL, action TEXT NOT NULL, actor_kind TEXT NOT NULL,
  actor TEXT NOT NULL, changes TEXT NOT NULL, shape INTEGER, leaves TEXT, start_day INTEGER NOT NULL, end_day INTEGER NOT NULL,
  cancellation TEXT, termination_date TEXT, at INTEGER NOT NULL, PRIMARY KEY (policy, revision)) STRICT, WITHOUT ROWID;
ALTER TABLE event ADD COLUMN revision INTEGER;
UPDATE endpoint SET events = events | 32 WHERE events = 31;
`;

const API_KEYS = `
CREATE TABLE api_key (
  name TEXT PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, mode INTEGER NOT NULL, hash BLOB NOT NULL,
  created_at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX api_key_account ON api_key (account);
`;

const SEALED_SECRETS = `
CREATE TABLE endpoint_secret (
  id INTEGER PRIMARY KEY, endpoint INTEGER NOT NULL REFERENCES endpoint, kind TEXT NOT NULL, sealed BLOB NOT NULL,
  created_at INTEGER NOT NULL, expires_at INTEGER) STRICT;
CREATE INDEX endpoint_secret_of ON endpoint_secret (endpoint);
UPDATE endpoint SET secret = '' WHERE removed_at IS NOT NULL;
`;

const EVENT_FEED = `
CREATE INDEX event_of_account ON event (account, mode);
`;

const WAITING_NAMES = `
DROP INDEX file_waiting;
CREATE INDEX file_waiting ON file (account, mode, name) WHERE visible_at IS NULL AND removed_at IS NULL;
`;

// A delivery stands for count consecutive events: what is sent together, or what has not been cut for sending yet. Who
// wanted every event wants the new one, too.
const DELIVERY = `
ALTER TABLE endpoint ADD COLUMN batch INTEGER NOT NULL DEFAULT 1;
ALTER TABLE endpoint ADD COLUMN failing_since INTEGER;
ALTER TABLE endpoint ADD COLUMN probe_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoint ADD COLUMN disabled_at INTEGER;
ALTER TABLE endpoint ADD COLUMN disabled_problem TEXT;
ALTER TABLE event ADD COLUMN endpoint INTEGER;
ALTER TABLE event ADD COLUMN detail TEXT;
ALTER TABLE delivery ADD COLUMN count INTEGER NOT NULL DEFAULT 1;
ALTER TABLE delivery ADD COLUMN last_ms INTEGER;
CREATE INDEX delivery_ended ON delivery (ended_at) WHERE ended_at IS NOT NULL;
CREATE TABLE failed_attempt (
  delivery INTEGER NOT NULL REFERENCES delivery, number INTEGER NOT NULL, at INTEGER NOT NULL, ms INTEGER NOT NULL, status INTEGER,
  problem TEXT NOT NULL, response TEXT, PRIMARY KEY (delivery, number)) STRICT, WITHOUT ROWID;
UPDATE endpoint SET events = events | 64 WHERE events = 63;
`;

const ENDPOINT_SETTINGS = `
ALTER TABLE endpoint ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE endpoint ADD COLUMN paused_at INTEGER;
`;

const REPLAYS = `
CREATE TABLE replay (
  id INTEGER PRIMARY KEY, endpoint INTEGER NOT NULL REFERENCES endpoint, what TEXT NOT NULL, types INTEGER NOT NULL,
  since INTEGER NOT NULL, until INTEGER NOT NULL, state TEXT NOT NULL, position INTEGER NOT NULL, horizon INTEGER NOT NULL,
  total INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE INDEX replay_running ON replay (id) WHERE state = 'running';
CREATE INDEX delivery_failed ON delivery (endpoint) WHERE state = 'failed';
`;

const EDITION = `
ALTER TABLE import ADD COLUMN edition INTEGER;
`;

const SMALL_FILES = `
CREATE TABLE small_file (file INTEGER PRIMARY KEY REFERENCES file, bytes BLOB NOT NULL) STRICT;
`;

const API_KEY_EXPIRY = `
ALTER TABLE api_key ADD COLUMN expires_at INTEGER;
`;

// How many offers there are, as counting a hundred thousand for each new one would take longer than the rest.
const OPEN_OFFERS = `
CREATE TABLE open_offers (
  account INTEGER NOT NULL, mode INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (account, mode)) STRICT, WITHOUT ROWID;
INSERT INTO open_offers SELECT account, mode, count(*) FROM offer GROUP BY account, mode;
CREATE TRIGGER offer_made AFTER INSERT ON offer BEGIN
  INSERT INTO open_offers VALUES (new.account, new.mode, 1) ON CONFLICT DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER offer_gone AFTER DELETE ON offer BEGIN
  UPDATE open_offers SET count = count - 1 WHERE account = old.account AND mode = old.mode;
END;
`;

// Each row of every import wrote an entry that nobody needs: the chunks of an import know its policies.
const NO_IMPORT_INDEX = 'DROP INDEX policy_import';

// The cancelled among millions.
const CANCELLED_POLICIES =
  'CREATE INDEX policy_cancelled ON policy_revision (policy) WHERE cancellation IS NOT NULL';

/** Forward only: number n brings a database from version n to n + 1. A landed migration is never edited. */
const MIGRATIONS: readonly ((sql: DatabaseSync) => void)[] = [
  (sql) => {
    sql.exec(FIRST_SCHEMA);
    sql.prepare('INSERT INTO meta VALUES (?, ?)').run('secret', randomBytes(32));
  },
  (sql) => sql.exec(KEY_OPTIONS),
  (sql) => sql.exec(AUTHORITIES),
  (sql) => sql.exec(EXPECTED),
  (sql) => sql.exec(FLOW),
  (sql) => sql.exec(LIFE),
  (sql) => sql.exec(API_KEYS),
  (sql) => sql.exec(SEALED_SECRETS),
  (sql) => sql.exec(EVENT_FEED),
  (sql) => sql.exec(WAITING_NAMES),
  (sql) => sql.exec(DELIVERY),
  (sql) => sql.exec(ENDPOINT_SETTINGS),
  (sql) => sql.exec(REPLAYS),
  (sql) => sql.exec(EDITION),
  (sql) => sql.exec(SMALL_FILES),
  (sql) => sql.exec(API_KEY_EXPIRY),
  (sql) => sql.exec(OPEN_OFFERS),
  (sql) => sql.exec(NO_IMPORT_INDEX),
  (sql) => sql.exec(CANCELLED_POLICIES),
];

/** Whether the schema is what this program knows; looking takes no lock. Refuses a database that a newer program has written. */
export function isCurrent(sql: DatabaseSync): boolean {
  const version = versionOf(sql);
  if (version > MIGRATIONS.length) {
    throw new Error(
      `The database has version ${version}, and this program knows versions up to ${MIGRATIONS.length}: it was written by a newer policydrop. Update the program.`,
    );
  }
  return version === MIGRATIONS.length;
}

/** Brings the schema to what this program knows, in the caller's transaction; another process may have done so meanwhile. */
export function migrate(sql: DatabaseSync): void {
  if (isCurrent(sql)) return;
  for (const step of MIGRATIONS.slice(versionOf(sql))) step(sql);
  sql.exec(`PRAGMA user_version = ${MIGRATIONS.length}`);
}

function versionOf(sql: DatabaseSync): number {
  return Number(sql.prepare('PRAGMA user_version').get()?.['user_version']);
}
