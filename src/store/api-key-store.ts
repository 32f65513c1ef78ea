import type { Account } from '../domain/account.ts';
import type { ApiKey, KeyProof } from '../domain/api-key.ts';
import type { AccountId } from '../domain/ids.ts';

export type ApiKeyStore = {
  addApiKey(account: AccountId, key: KeyProof, now: number): Promise<void>;
  apiKeys(account: AccountId): Promise<ApiKey[]>;
  /** False when the account has no such key; a removed one is refused from the next request on. */
  removeApiKey(account: AccountId, name: string): Promise<boolean>;
  /** Whose key it is, and the hash that a key of that name must have. */
  apiKeyOwner(name: string): Promise<{ readonly account: Account; readonly hash: Uint8Array } | undefined>;
};
