import { unlock } from '../serve/unlock.ts';
import type { OpenStore } from '../store/open.ts';
import type { Vault } from '../webhooks/vault.ts';
import { type Session, withExistingStore } from './session.ts';

export type Opened = { readonly store: OpenStore; readonly vault: Vault };

/** Like `withExistingStore`, for commands that handle secrets. */
export function withVault<T>(session: Session, use: (opened: Opened) => Promise<T>): Promise<T> {
  return withExistingStore(session, async (store) => {
    const { vault } = await unlock(session.config, store);
    return use({ store, vault });
  });
}
