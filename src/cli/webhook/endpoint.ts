import { type Endpoint, type SealedSecret, validSecrets } from '../../domain/endpoint.ts';
import type { AccountId, EndpointId } from '../../domain/ids.ts';
import type { OpenStore } from '../../store/open.ts';
import { openSecrets } from '../../webhooks/endpoints.ts';
import { kindOf, publicKeyOf } from '../../webhooks/secret.ts';
import { printList, printRecord } from '../output.ts';
import { endpointRecord, instant } from '../records.ts';
import { accountNamed, Refused, type Session, withExistingStore } from '../session.ts';
import { withVault } from '../vault.ts';

export async function endpointOf(store: OpenStore, name: string, id: string): Promise<Endpoint> {
  const account = await accountNamed(store, name);
  const endpoint = await store.endpoint(account.id, id as EndpointId);
  if (!endpoint) throw noSuchEndpoint(name, id);
  return endpoint;
}

export function noSuchEndpoint(name: string, id: string): Refused {
  return new Refused(`${name} has no endpoint ${id}. policydrop webhook list ${name} shows them.`);
}

export async function list(session: Session, name: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const endpoints = await store.endpoints((await accountNamed(store, name)).id);
    const shown = session.json ? endpoints.map(endpointRecord) : endpoints.map(overview);
    printList(shown, {
      json: session.json,
      empty: `${name} has no endpoint: policydrop webhook add ${name} URL`,
    });
  });
}

export async function show(session: Session, name: string, id: string): Promise<void> {
  await withVault(session, async ({ store, vault }) => {
    const endpoint = await endpointOf(store, name, id);
    const now = Date.now();
    const key = openSecrets(endpoint, vault, now).find((secret) => kindOf(secret) === 'ed25519');
    const failing_since = instant(endpoint.failing_since);
    const secrets = validSecrets(endpoint, now).map((secret) => secretRecord(secret));
    const waiting = await store.waitingEvents(endpoint.id);
    const shown = session.json ? secrets : secrets.map(inWords);
    const public_key = key === undefined ? null : publicKeyOf(key);
    printRecord(
      { ...endpointRecord(endpoint), failing_since, waiting, public_key, secrets: shown },
      session.json,
    );
  });
}

export function pause(session: Session, name: string, id: string): Promise<void> {
  return change(session, name, id, (store, account, endpoint) =>
    store.pauseEndpoint(account, endpoint, Date.now()),
  );
}

export function resume(session: Session, name: string, id: string): Promise<void> {
  return change(session, name, id, (store, account, endpoint) =>
    store.resumeEndpoint(account, endpoint, Date.now()),
  );
}

export async function remove(session: Session, name: string, id: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    if (!(await store.removeEndpoint(account.id, id as EndpointId, Date.now())))
      throw noSuchEndpoint(name, id);
  });
  return list(session, name);
}

type Change = (store: OpenStore, account: AccountId, id: EndpointId) => Promise<Endpoint | undefined>;

async function change(session: Session, name: string, id: string, make: Change): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    const endpoint = await make(store, account.id, id as EndpointId);
    if (!endpoint) throw noSuchEndpoint(name, id);
    const waiting = await store.waitingEvents(endpoint.id);
    printRecord({ ...endpointRecord(endpoint), waiting }, session.json);
  });
}

/** What fits into a line. */
function overview(endpoint: Endpoint) {
  const { id, url, description, modes, state } = endpointRecord(endpoint);
  return { id, state, modes, url, description };
}

function secretRecord({ kind, created_at, expires_at }: SealedSecret) {
  return { kind, created_at: instant(created_at), expires_at: instant(expires_at) };
}

function inWords({ kind, created_at, expires_at }: ReturnType<typeof secretRecord>): string {
  return `${kind} since ${created_at}${expires_at === null ? '' : ` until ${expires_at}`}`;
}
