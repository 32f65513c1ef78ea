import type { Account, BadRows, Revocation, Revoked, SshKey } from '../domain/account.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';
import type { Result } from '../domain/refusal.ts';

export type AccountStore = {
  /** Refuses a name that is taken. */
  addAccount(account: {
    name: string;
    modes: readonly Mode[];
    integrations: readonly string[];
    bad_rows?: BadRows;
    keys: readonly Omit<SshKey, 'created_at'>[];
    now: number;
  }): Promise<Result<Account, 'account_exists'>>;
  account(name: string): Promise<Account | undefined>;
  accounts(limit: number): Promise<Account[]>;
  setAccountDisabled(id: AccountId, disabled: boolean): Promise<void>;
  setBadRows(id: AccountId, bad_rows: BadRows): Promise<void>;
  /** A key that the account already has gets the options and the comment of this one. */
  addKey(id: AccountId, key: Omit<SshKey, 'created_at'>, now: number): Promise<void>;
  keys(id: AccountId): Promise<SshKey[]>;
  /** False when the account has no such key. */
  removeKey(id: AccountId, fingerprint: string): Promise<boolean>;
  /** For good: there is no way back. What is revoked already stays as it is. */
  revoke(id: AccountId, what: readonly Revoked[], now: number): Promise<void>;
  revocations(id: AccountId): Promise<Revocation[]>;
};
