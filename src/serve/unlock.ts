import type { Config } from '../config/config.ts';
import { deriveKey, findMasterKey, loadMasterKey } from '../config/master-key.ts';
import type { EndpointStore } from '../store/endpoint-store.ts';
import { secureSecrets } from '../webhooks/endpoints.ts';
import { PUT_IT_BACK, secretVault, type Vault } from '../webhooks/vault.ts';

export type Unlocked = { readonly masterKey: Uint8Array; readonly vault: Vault };

/**
 * The installation's master key, and the vault that it opens; one is made where nothing is encrypted yet. Throws when it is missing,
 * or another one than that of the secrets in the store.
 */
export async function unlock(
  { data, master_key }: Pick<Config, 'data' | 'master_key'>,
  store: EndpointStore,
): Promise<Unlocked> {
  const isInUse = (await store.someSecret()) !== undefined;
  const masterKey = isInUse ? findMasterKey(data, master_key) : loadMasterKey(data, master_key);
  if (!masterKey) {
    throw new Error(`There is no master key in ${data}, and webhooks' secrets are encrypted. ${PUT_IT_BACK}`);
  }
  const vault = vaultOf(masterKey);
  await secureSecrets({ store, vault });
  return { masterKey, vault };
}

/** The vault that a master key opens. */
export function vaultOf(masterKey: Uint8Array): Vault {
  return secretVault(deriveKey(masterKey, 'webhook-secrets'));
}
