// Endpoints with their secrets: made, rotated, opened. The store keeps what is sealed, and only here it is opened.
import { type Endpoint, type SecretKind, validSecrets } from '../domain/endpoint.ts';
import type { EndpointId } from '../domain/ids.ts';
import type { Result } from '../domain/refusal.ts';
import type { AccountStore } from '../store/account-store.ts';
import type { EndpointStore, NewEndpoint, NewSecret } from '../store/endpoint-store.ts';
import { kindOf, newSecret } from './secret.ts';
import type { Vault } from './vault.ts';

type Deps = { readonly store: EndpointStore; readonly vault: Vault };

export type Renewed = { readonly endpoint: Endpoint; readonly secrets: readonly string[] };

/** The secrets of a new endpoint, or of a rotation: `hmac` always, as every delivery has both families of headers. */
export function newSecrets({ ed25519 }: { ed25519: boolean }): string[] {
  const kinds: SecretKind[] = ed25519 ? ['ed25519', 'hmac'] : ['hmac'];
  return kinds.map(newSecret);
}

/** A new endpoint that signs with `secrets`. */
export async function addEndpoint(
  { store, vault }: Deps,
  settings: Omit<NewEndpoint, 'id' | 'secrets'> & { secrets: readonly string[]; now: number },
): Promise<Result<Endpoint, 'too_many_endpoints'>> {
  const { secrets, now, ...endpoint } = settings;
  for (;;) {
    const id = await store.nextEndpointId(now);
    const added = await store.addEndpoint({ ...endpoint, id, secrets: sealed(vault, id, secrets) });
    if (added.ok || added.code !== 'id_taken') return added as Result<Endpoint, 'too_many_endpoints'>;
  }
}

/** Signs with `secrets` from `now` on, and for `overlap` ms more with those before. */
export function rotateSecrets(
  { store, vault }: Deps,
  id: EndpointId,
  { secrets, overlap, now }: { secrets: readonly string[]; overlap: number; now: number },
): ReturnType<EndpointStore['rotateSecrets']> {
  return store.rotateSecrets(id, { secrets: sealed(vault, id, secrets), retire_at: now + overlap, now });
}

/** What signs for the endpoint at `now`, the newest first. Throws when the master key is another one. */
export function openSecrets(endpoint: Pick<Endpoint, 'id' | 'secrets'>, vault: Vault, now: number): string[] {
  return validSecrets(endpoint, now).map((secret) => vault.open(secret.sealed, endpoint.id));
}

/**
 * Makes sure, at a start, that secrets are encrypted and that this is the key: seals those that an earlier version kept
 * readable, and throws when those that are sealed cannot be opened.
 */
export async function secureSecrets({ store, vault }: Deps): Promise<void> {
  const one = await store.someSecret();
  if (one) vault.open(one.sealed, one.id);
  for (const { id, secret } of await store.plainSecrets()) {
    await store.sealPlainSecret(id, { kind: 'hmac', sealed: vault.seal(secret, id) });
  }
}

/** New secrets, and these alone, for every endpoint whose own cannot be opened any more, since their master key is lost. */
export async function renewLost(
  { store, vault }: { store: EndpointStore & Pick<AccountStore, 'accounts'>; vault: Vault },
  now: number,
): Promise<Renewed[]> {
  const renewed: Renewed[] = [];
  for (const account of await store.accounts(Number.MAX_SAFE_INTEGER)) {
    for (const endpoint of await store.endpoints(account.id)) {
      if (canBeOpened(endpoint, vault, now)) continue;
      const secrets = newSecrets({ ed25519: signsWithKeyPair(endpoint, now) });
      await rotateSecrets({ store, vault }, endpoint.id, { secrets, overlap: 0, now });
      renewed.push({ endpoint, secrets });
    }
  }
  return renewed;
}

/** Whether an Ed25519 key pair signs for the endpoint at `now`, beside the HMAC secret. */
export function signsWithKeyPair(endpoint: Pick<Endpoint, 'secrets'>, now: number): boolean {
  return validSecrets(endpoint, now).some(({ kind }) => kind === 'ed25519');
}

function canBeOpened(endpoint: Endpoint, vault: Vault, now: number): boolean {
  try {
    openSecrets(endpoint, vault, now);
    return true;
  } catch {
    return false;
  }
}

function sealed(vault: Vault, id: EndpointId, secrets: readonly string[]): NewSecret[] {
  return secrets.map((secret) => ({ kind: kindOf(secret), sealed: vault.seal(secret, id) }));
}
