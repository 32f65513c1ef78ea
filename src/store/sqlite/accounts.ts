import type { Account, BadRows } from '../../domain/account.ts';
import type { AccountId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { AccountStore } from '../account-store.ts';
import { modeBits, modesOf } from './bits.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';
import { sshKeys } from './ssh-keys.ts';

export type AccountRow = {
  id: number;
  name: string;
  modes: number;
  integrations: string;
  disabled: number;
  bad_rows: BadRows;
  created_at: number;
};

/** The account of a row of the table. */
export function accountOf(db: Database, row: AccountRow): Account {
  return {
    id: db.ids.account.encode(row.id, row.created_at) as AccountId,
    name: row.name,
    modes: modesOf(row.modes),
    integrations: JSON.parse(row.integrations),
    disabled: row.disabled !== 0,
    bad_rows: row.bad_rows,
    created_at: row.created_at,
  };
}

/** The integer of an account that the caller got from this store. */
export function accountRow(db: Database, id: AccountId): number {
  const decoded = db.ids.account.decode(id);
  if (!decoded) throw new Error(`${id} is no account id`);
  return decoded.row;
}

export function accountMethods(db: Database): Methods<AccountStore> {
  const insert = db.prepare(
    'INSERT INTO account (name, modes, integrations, bad_rows, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING *',
  );
  const byName = db.prepare('SELECT * FROM account WHERE name = ?');
  const all = db.prepare('SELECT * FROM account ORDER BY name LIMIT ?');
  const disable = db.prepare('UPDATE account SET disabled = ? WHERE id = ?');
  const setBadRows = db.prepare('UPDATE account SET bad_rows = ? WHERE id = ?');
  const keys = sshKeys(db);

  return {
    addAccount: ({ name, modes, integrations, bad_rows = 'reject-rows', now, ...account }) =>
      db.transaction(() => {
        const row = insert.get(name, modeBits(modes), JSON.stringify(integrations), bad_rows, now) as
          | AccountRow
          | undefined;
        if (!row)
          return refused('account_exists', `There is an account "${name}" already; choose another name.`);
        for (const key of account.keys) keys.put(row.id, key, now);
        return ok(accountOf(db, row));
      }),
    account: (name) => {
      const row = byName.get(name) as AccountRow | undefined;
      return row && accountOf(db, row);
    },
    accounts: (limit) => (all.all(limit) as AccountRow[]).map((row) => accountOf(db, row)),
    setAccountDisabled: (id, disabled) => void disable.run(Number(disabled), accountRow(db, id)),
    setBadRows: (id, bad_rows) => void setBadRows.run(bad_rows, accountRow(db, id)),
    addKey: (id, key, now) => keys.put(accountRow(db, id), key, now),
    keys: (id) => keys.of(accountRow(db, id)),
    removeKey: (id, fingerprint) => keys.remove(accountRow(db, id), fingerprint),
    revoke: (id, what, now) => keys.revoke(accountRow(db, id), what, now),
    revocations: (id) => keys.revocations(accountRow(db, id)),
  };
}
