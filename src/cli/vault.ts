import { deriveKey, loadMasterKey } from '../config/master-key.ts';
import type { OpenStore } from '../store/open.ts';
import { secureSecrets } from '../webhooks/endpoints.ts';
import { secretVault, type Vault } from '../webhooks/vault.ts';
import { type Session, withExistingStore } from './session.ts';

export type Opened = { readonly store: OpenStore; readonly vault: Vault };

/** Like `withExistingStore`, for commands that handle secrets. */
export function withVault<T>(session: Session, use: (opened: Opened) => Promise<T>): Promise<T> {
  return withExistingStore(session, async (store) => {
    const { data, master_key } = session.config;
    const vault = secretVault(deriveKey(loadMasterKey(data, master_key), 'webhook-secrets'));
    await secureSecrets({ store, vault });
    return use({ store, vault });
  });
}
