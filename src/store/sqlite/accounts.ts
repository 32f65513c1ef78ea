import type { Account, SshKey } from '../../domain/account.ts';
import type { AccountId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { AccountStore } from '../account-store.ts';
import { modeBits, modesOf } from './bits.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

export type AccountRow = {
  id: number;
  name: string;
  modes: number;
  integrations: string;
  disabled: number;
  created_at: number;
};

type KeyRow = Omit<SshKey, 'expires_at' | 'from'> & { expires_at: number | null; networks: string };

function keyOf({ fingerprint, type, blob, comment, created_at, expires_at, networks }: KeyRow): SshKey {
  const key = { fingerprint, type, blob, comment, created_at, from: JSON.parse(networks) };
  return expires_at === null ? key : { ...key, expires_at };
}

/** The account of a row of the table. */
export function accountOf(db: Database, row: AccountRow): Account {
  return {
    id: db.ids.account.encode(row.id, row.created_at) as AccountId,
    name: row.name,
    modes: modesOf(row.modes),
    integrations: JSON.parse(row.integrations),
    disabled: row.disabled !== 0,
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
    'INSERT INTO account (name, modes, integrations, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING *',
  );
  const byName = db.prepare('SELECT * FROM account WHERE name = ?');
  const all = db.prepare('SELECT * FROM account ORDER BY name LIMIT ?');
  const disable = db.prepare('UPDATE account SET disabled = ? WHERE id = ?');
  const putKey = db.prepare(
    `INSERT INTO ssh_key (account, fingerprint, type, blob, comment, created_at, expires_at, networks)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
     comment = excluded.comment, expires_at = excluded.expires_at, networks = excluded.networks`,
  );
  const keys = db.prepare('SELECT * FROM ssh_key WHERE account = ? ORDER BY created_at, fingerprint');
  const removeKey = db.prepare('DELETE FROM ssh_key WHERE account = ? AND fingerprint = ?');

  function addKey(account: number, key: Omit<SshKey, 'created_at'>, now: number): void {
    const { fingerprint, type, blob, comment, expires_at = null, from } = key;
    putKey.run(account, fingerprint, type, blob, comment, now, expires_at, JSON.stringify(from));
  }

  return {
    addAccount: ({ name, modes, integrations, keys, now }) =>
      db.transaction(() => {
        const row = insert.get(name, modeBits(modes), JSON.stringify(integrations), now) as
          | AccountRow
          | undefined;
        if (!row)
          return refused('account_exists', `There is an account "${name}" already; choose another name.`);
        for (const key of keys) addKey(row.id, key, now);
        return ok(accountOf(db, row));
      }),
    account: (name) => {
      const row = byName.get(name) as AccountRow | undefined;
      return row && accountOf(db, row);
    },
    accounts: (limit) => (all.all(limit) as AccountRow[]).map((row) => accountOf(db, row)),
    setAccountDisabled: (id, disabled) => void disable.run(Number(disabled), accountRow(db, id)),
    addKey: (id, key, now) => addKey(accountRow(db, id), key, now),
    keys: (id) => (keys.all(accountRow(db, id)) as KeyRow[]).map(keyOf),
    removeKey: (id, fingerprint) => removeKey.run(accountRow(db, id), fingerprint).changes === 1,
  };
}
