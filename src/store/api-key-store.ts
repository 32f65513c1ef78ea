import type { Account } from '../domain/account.ts';
import type { ApiKey, KeyProof } from '../domain/api-key.ts';
import type { AccountId } from '../domain/ids.ts';

export type ApiKeyStore = {
  addApiKey(
    account: AccountId,
    key: KeyProof & Partial<Pick<ApiKey, 'expires_at'>>,
    now: number,
  ): Promise<void>;
  apiKeys(account: AccountId): Promise<ApiKey[]>;
  /** False when the account has no such key; a removed one is refused from the next request on. */
  removeApiKey(account: AccountId, name: string): Promise<boolean>;
  /** Whose key it is; undefined when there is none of that name. */
  apiKeyOwner(name: string): Promise<ApiKeyOwner | undefined>;
};

/** `hash` is what a key of that name must have. */
export type ApiKeyOwner = Pick<KeyProof, 'hash'> & Pick<ApiKey, 'expires_at'> & { readonly account: Account };
