import type { Fingerprint, Revocation, Revoked, SshKey } from '../../domain/account.ts';
import type { Database } from './connection.ts';

type Row = {
  fingerprint: Fingerprint;
  type: string;
  blob: Uint8Array;
  comment: string;
  created_at: number;
  expires_at: number | null;
  networks: string;
  principals: string | null;
};

/** The keys of accounts and what of them is revoked; an account is given by its integer. */
export function sshKeys(db: Database) {
  const put = db.prepare(
    `INSERT INTO ssh_key (account, fingerprint, type, blob, comment, created_at, expires_at, networks, principals)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET comment = excluded.comment,
     expires_at = excluded.expires_at, networks = excluded.networks, principals = excluded.principals`,
  );
  const all = db.prepare('SELECT * FROM ssh_key WHERE account = ? ORDER BY created_at, fingerprint');
  const remove = db.prepare('DELETE FROM ssh_key WHERE account = ? AND fingerprint = ?');
  const revoke = db.prepare('INSERT INTO revocation VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
  const revocations = db.prepare(
    'SELECT revoked, created_at FROM revocation WHERE account = ? ORDER BY created_at, revoked',
  );

  return {
    put(account: number, key: Omit<SshKey, 'created_at'>, now: number): void {
      const { fingerprint, type, blob, comment, expires_at = null, from } = key;
      const principals = key.principals ? JSON.stringify(key.principals) : null;
      put.run(account, fingerprint, type, blob, comment, now, expires_at, JSON.stringify(from), principals);
    },
    of: (account: number): SshKey[] => (all.all(account) as Row[]).map(keyOf),
    remove: (account: number, fingerprint: string): boolean => remove.run(account, fingerprint).changes === 1,
    revoke: (account: number, what: readonly Revoked[], now: number): void =>
      db.transaction(() => {
        for (const one of what) revoke.run(account, one, now);
      }),
    revocations: (account: number) => revocations.all(account) as Revocation[],
  };
}

function keyOf({ fingerprint, type, blob, comment, created_at, ...limits }: Row): SshKey {
  const { expires_at, networks, principals } = limits;
  return {
    ...{ fingerprint, type, blob, comment, created_at, from: JSON.parse(networks) },
    ...(expires_at !== null && { expires_at }),
    ...(principals !== null && { principals: JSON.parse(principals) }),
  };
}
