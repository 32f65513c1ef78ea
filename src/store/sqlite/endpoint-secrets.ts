import { MAX_SECRETS, type SealedSecret } from '../../domain/endpoint.ts';
import type { EndpointId } from '../../domain/ids.ts';
import { ok, refused } from '../../domain/refusal.ts';
import type { EndpointStore, NewSecret } from '../endpoint-store.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

type SecretRow = {
  kind: SealedSecret['kind'];
  sealed: Uint8Array;
  created_at: number;
  expires_at: number | null;
};

type SecretMethods = Pick<
  Methods<EndpointStore>,
  'rotateSecrets' | 'plainSecrets' | 'sealPlainSecret' | 'someSecret'
>;

/** The secrets of endpoints, by the endpoint's integer. They are encrypted before they come here. */
export function endpointSecrets(db: Database): SecretMethods & {
  of(endpoint: number): SealedSecret[];
  put(endpoint: number, secrets: readonly NewSecret[], now: number): void;
  removeAll(endpoint: number): void;
} {
  const all = db.prepare('SELECT * FROM endpoint_secret WHERE endpoint = ? ORDER BY id DESC');
  const insert = db.prepare(
    'INSERT INTO endpoint_secret (endpoint, kind, sealed, created_at) VALUES (?, ?, ?, ?)',
  );
  const retire = db.prepare(
    'UPDATE endpoint_secret SET expires_at = min(ifnull(expires_at, ?1), ?1) WHERE endpoint = ?2',
  );
  const removeExpired = db.prepare('DELETE FROM endpoint_secret WHERE endpoint = ? AND expires_at <= ?');
  const staying = db.prepare(
    "SELECT count(*) AS n FROM endpoint_secret WHERE endpoint = ?1 AND kind = 'hmac' AND min(ifnull(expires_at, ?2), ?2) > ?3",
  );
  const remove = db.prepare('DELETE FROM endpoint_secret WHERE endpoint = ?');
  const plain = db.prepare("SELECT id, secret, created_at FROM endpoint WHERE secret <> ''");
  const blank = db.prepare("UPDATE endpoint SET secret = '' WHERE id = ? AND secret <> ''");
  const some = db.prepare(
    'SELECT endpoint.id, endpoint.created_at, sealed FROM endpoint_secret JOIN endpoint ON endpoint.id = endpoint ORDER BY endpoint_secret.id DESC LIMIT 1',
  );

  const put = (endpoint: number, secrets: readonly NewSecret[], now: number) => {
    for (const { kind, sealed } of secrets) insert.run(endpoint, kind, sealed, now);
  };
  const rowOf = (id: EndpointId) => db.ids.endpoint.decode(id)?.row ?? 0;

  return {
    of: (endpoint) =>
      (all.all(endpoint) as SecretRow[]).map(({ kind, sealed, created_at, expires_at }) => ({
        kind,
        sealed,
        created_at,
        expires_at: expires_at ?? undefined,
      })),
    put,
    removeAll: (endpoint) => void remove.run(endpoint),
    rotateSecrets: (id, { secrets, retire_at, now }) =>
      db.transaction(() => {
        const endpoint = rowOf(id);
        if (Number(staying.get(endpoint, retire_at, now)?.['n']) >= MAX_SECRETS) return tooMany();
        retire.run(retire_at, endpoint);
        removeExpired.run(endpoint, now);
        put(endpoint, secrets, now);
        return ok(undefined);
      }),
    plainSecrets: () =>
      (plain.all() as { id: number; secret: string; created_at: number }[]).map(
        ({ id, secret, created_at }) => ({
          id: db.ids.endpoint.encode(id, created_at) as EndpointId,
          secret,
        }),
      ),
    sealPlainSecret: (id, secret) => {
      db.exec('PRAGMA secure_delete = ON'); // else what is taken out stays in the page until it is written over
      db.transaction(() => {
        if (blank.run(rowOf(id)).changes === 1)
          put(rowOf(id), [secret], db.ids.endpoint.decode(id)?.created_at ?? 0);
      });
      db.exec('PRAGMA secure_delete = OFF');
    },
    someSecret: () => {
      const row = some.get() as { id: number; created_at: number; sealed: Uint8Array } | undefined;
      return row && { id: db.ids.endpoint.encode(row.id, row.created_at) as EndpointId, sealed: row.sealed };
    },
  };
}

function tooMany() {
  return refused(
    'too_many_secrets',
    `${MAX_SECRETS} secrets sign for this endpoint at a time. Wait until one has run out, or end them all now with --overlap 0s.`,
  );
}
