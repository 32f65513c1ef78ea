import type { Config } from '../config/config.ts';
import { deriveKey, findMasterKey, loadMasterKey } from '../config/master-key.ts';
import type { EndpointStore } from '../store/endpoint-store.ts';
import { secureSecrets } from '../webhooks/endpoints.ts';
import { PUT_IT_BACK, secretVault, type Vault } from '../webhooks/vault.ts';

export type Unlocked = { readonly masterKey: Uint8Array; readonly vault: Vault };
type Keeping = Pick<Config, 'data' | 'master_key'>;

/**
 * The installation's master key, and the vault that it opens; one is made where nothing is encrypted yet. Throws when it is missing,
 * or another one than that of the secrets in the store.
 */
export async function unlock({ data, master_key }: Keeping, store: EndpointStore): Promise<Unlocked> {
  const isInUse = (await store.someSecret()) !== undefined;
  if (isInUse && !findMasterKey(data, master_key)) {
    throw new Error(`There is no master key in ${data}, and webhooks' secrets are encrypted. ${PUT_IT_BACK}`);
  }
  const unlocked = keysOf({ data, master_key });
  await secureSecrets({ store, vault: unlocked.vault });
  return unlocked;
}

/** The same whatever is in the store, for when the key of its secrets is lost. */
export function keysOf({ data, master_key }: Keeping): Unlocked {
  const masterKey = loadMasterKey(data, master_key);
  return { masterKey, vault: secretVault(deriveKey(masterKey, 'webhook-secrets')) };
}
