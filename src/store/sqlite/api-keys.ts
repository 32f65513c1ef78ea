import type { ApiKeyStore } from '../api-key-store.ts';
import { type AccountRow, accountOf, accountRow } from './accounts.ts';
import { modeBit, modeOf } from './bits.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

type Row = { name: string; mode: number; created_at: number; expires_at: number | null };

export function apiKeyMethods(db: Database): Methods<ApiKeyStore> {
  const insert = db.prepare(
    'INSERT INTO api_key (name, account, mode, hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const all = db.prepare(
    'SELECT name, mode, created_at, expires_at FROM api_key WHERE account = ? ORDER BY created_at, name',
  );
  const remove = db.prepare('DELETE FROM api_key WHERE account = ? AND name = ?');
  const owner = db.prepare(
    'SELECT account.*, api_key.hash, api_key.expires_at FROM api_key JOIN account ON account.id = api_key.account WHERE api_key.name = ?',
  );
  return {
    addApiKey: (account, { name, mode, hash, expires_at = null }, now) =>
      void insert.run(name, accountRow(db, account), modeBit(mode), hash, now, expires_at),
    apiKeys: (account) =>
      (all.all(accountRow(db, account)) as Row[]).map(({ name, mode, created_at, expires_at }) => {
        return { name, mode: modeOf(mode), created_at, expires_at: expires_at ?? undefined };
      }),
    removeApiKey: (account, name) => remove.run(accountRow(db, account), name).changes === 1,
    apiKeyOwner: (name) => {
      const row = owner.get(name) as
        | (AccountRow & Pick<Row, 'expires_at'> & { hash: Uint8Array })
        | undefined;
      return row && { account: accountOf(db, row), hash: row.hash, expires_at: row.expires_at ?? undefined };
    },
  };
}
