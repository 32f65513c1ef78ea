import { type Unlocked, unlock } from '../serve/unlock.ts';
import type { OpenStore } from '../store/open.ts';
import { type Session, withExistingStore } from './session.ts';

export type Opened = Unlocked & { readonly store: OpenStore };

/** Like `withExistingStore`, for commands that handle secrets or sign. */
export function withVault<T>(session: Session, use: (opened: Opened) => Promise<T>): Promise<T> {
  return withExistingStore(session, async (store) => {
    const unlocked = await unlock(session.config, store);
    return use({ ...unlocked, store });
  });
}
