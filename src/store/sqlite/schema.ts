// Integers inside, public ids derived; ascending indexes only, beside the one random one that a key needs. What
// each choice costs was measured: docs/decisions/0002-sqlite-schema.md.

/** Instants in ms, days since 1970, modes as bits (1 test, 2 live), money in minor units. */
export const FIRST_SCHEMA = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE account (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, modes INTEGER NOT NULL, integrations TEXT NOT NULL,
  disabled INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL) STRICT;

CREATE TABLE ssh_key (
  account INTEGER NOT NULL REFERENCES account, fingerprint TEXT NOT NULL, type TEXT NOT NULL, blob BLOB NOT NULL,
  comment TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (account, fingerprint)) STRICT, WITHOUT ROWID;

-- A file is where it says: in its mode's folder until visible_at, then in imports_processed as processed_name.
CREATE TABLE file (
  id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, mode INTEGER NOT NULL, name TEXT NOT NULL,
  size INTEGER NOT NULL, mtime INTEGER NOT NULL, created_at INTEGER NOT NULL,
  open INTEGER NOT NULL, touched_at INTEGER NOT NULL, moves_at INTEGER NOT NULL DEFAULT 0,
  sha256 TEXT, removed_at INTEGER, processed_name TEXT, visible_at INTEGER, report_size INTEGER,
  rejected_size INTEGER) STRICT;
CREATE INDEX file_path ON file (account, mode, name, id);
CREATE INDEX file_waiting ON file (account, mode) WHERE visible_at IS NULL AND removed_at IS NULL;
CREATE INDEX file_visible ON file (account, visible_at) WHERE visible_at IS NOT NULL;
CREATE UNIQUE INDEX file_processed ON file (account, processed_name) WHERE processed_name IS NOT NULL;

CREATE TABLE import (
  id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES file, state TEXT NOT NULL, due_at INTEGER NOT NULL,
  epoch INTEGER NOT NULL DEFAULT 0, lease_until INTEGER NOT NULL DEFAULT 0, released INTEGER NOT NULL DEFAULT 0,
  chunks INTEGER NOT NULL DEFAULT 0, rows INTEGER NOT NULL DEFAULT 0, byte_offset INTEGER NOT NULL DEFAULT 0, line INTEGER NOT NULL DEFAULT 1,
  created INTEGER NOT NULL DEFAULT 0, duplicates INTEGER NOT NULL DEFAULT 0, rejected INTEGER NOT NULL DEFAULT 0,
  problem TEXT, created_at INTEGER NOT NULL, received_at INTEGER NOT NULL, started_at INTEGER, completed_at INTEGER) STRICT;
CREATE INDEX import_file ON import (file);
CREATE INDEX import_open ON import (state, due_at) WHERE state IN ('settling', 'queued', 'processing');

CREATE TABLE import_chunk (
  import INTEGER NOT NULL REFERENCES import, chunk INTEGER NOT NULL, first_row INTEGER NOT NULL, last_row INTEGER NOT NULL,
  policy_from INTEGER NOT NULL, policy_to INTEGER NOT NULL, PRIMARY KEY (import, chunk)) STRICT, WITHOUT ROWID;

-- Duplicates and rejections; what was created stands in policy.
CREATE TABLE row_outcome (
  import INTEGER NOT NULL REFERENCES import, row INTEGER NOT NULL, line INTEGER NOT NULL, key TEXT NOT NULL,
  policy INTEGER, rejection TEXT, PRIMARY KEY (import, row)) STRICT, WITHOUT ROWID;

CREATE TABLE product_version (
  id INTEGER PRIMARY KEY, product TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL, currency TEXT NOT NULL,
  policy_number TEXT NOT NULL, published_at INTEGER NOT NULL, UNIQUE (product, version)) STRICT;

-- What policies bought in the same way have in common: integration, product version, names of their leaves.
CREATE TABLE shape (
  id INTEGER PRIMARY KEY, integration TEXT NOT NULL, product_version INTEGER NOT NULL REFERENCES product_version,
  paths TEXT NOT NULL, UNIQUE (product_version, integration, paths)) STRICT;

CREATE TABLE policy (
  id INTEGER PRIMARY KEY, account INTEGER NOT NULL, mode INTEGER NOT NULL, key ANY NOT NULL, hash BLOB NOT NULL,
  shape INTEGER NOT NULL, leaves TEXT NOT NULL, net INTEGER NOT NULL, tax INTEGER NOT NULL,
  start_day INTEGER NOT NULL, end_day INTEGER NOT NULL, import INTEGER, row INTEGER, line INTEGER,
  created_at INTEGER NOT NULL) STRICT;
CREATE INDEX policy_account ON policy (account);
CREATE INDEX policy_import ON policy (import);

-- 53 bits of a keyed hash of account, mode and key; a slot that another key has taken leads to the next one.
CREATE TABLE policy_key (slot INTEGER PRIMARY KEY, policy INTEGER NOT NULL) STRICT;

-- A row stands for count events with consecutive numbers, the first being its id.
CREATE TABLE event (
  id INTEGER PRIMARY KEY, count INTEGER NOT NULL, account INTEGER NOT NULL, mode INTEGER NOT NULL, type INTEGER NOT NULL,
  import INTEGER NOT NULL, first_policy INTEGER, row INTEGER, created_at INTEGER NOT NULL) STRICT;

CREATE TABLE endpoint (
  id INTEGER PRIMARY KEY, account INTEGER NOT NULL REFERENCES account, url TEXT NOT NULL, events INTEGER NOT NULL,
  modes INTEGER NOT NULL, secret TEXT NOT NULL, created_at INTEGER NOT NULL, removed_at INTEGER) STRICT;

CREATE TABLE delivery (
  id INTEGER PRIMARY KEY, endpoint INTEGER NOT NULL REFERENCES endpoint, event INTEGER NOT NULL, state TEXT NOT NULL,
  attempt INTEGER NOT NULL DEFAULT 0, next_at INTEGER NOT NULL, claimed_until INTEGER NOT NULL DEFAULT 0,
  last_status INTEGER, last_problem TEXT, created_at INTEGER NOT NULL, ended_at INTEGER) STRICT;
CREATE INDEX delivery_claimed ON delivery (endpoint, claimed_until) WHERE claimed_until > 0;
CREATE INDEX delivery_pending ON delivery (endpoint, next_at) WHERE state = 'pending';
`;
