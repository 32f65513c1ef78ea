import type { AccountId } from './ids.ts';
import type { KeyOptions } from './key-options.ts';
import type { Mode } from './mode.ts';

/** A partner's access. `name` is the SFTP user name; `integrations` is empty when all are allowed. */
export type Account = {
  readonly id: AccountId;
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly integrations: readonly string[];
  readonly disabled: boolean;
  readonly bad_rows: BadRows;
  readonly created_at: number;
};

/** What a bad row means for the others: nothing, or that none of its file is imported. */
export const BAD_ROWS = ['reject-rows', 'reject-file'] as const;
export type BadRows = (typeof BAD_ROWS)[number];

/** Of a key, as OpenSSH prints it. */
export type Fingerprint = `SHA256:${string}`;

/** An SSH public key that may log in, or certify others that may. `blob` is the RFC 4253 wire form. */
export type SshKey = KeyOptions & {
  readonly fingerprint: Fingerprint;
  readonly type: string;
  readonly blob: Uint8Array;
  readonly comment: string;
  /** Of a certificate authority: whom its certificates may name. Such a key does not log in itself. */
  readonly principals?: readonly string[];
  readonly created_at: number;
};

/** A key, by itself and in every certificate, or every certificate with that serial of the account's authorities. */
export type Revoked = Fingerprint | `serial ${bigint}`;

/** What may log in no more. */
export type Revocation = { readonly revoked: Revoked; readonly created_at: number };

/** Names that scanners try first: no account has one, so that a login with it can be refused without a look. */
export function isScannerName(name: string): boolean {
  return name.length <= 2 || /^(root|admin|administrator)$/i.test(name);
}
