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
  readonly created_at: number;
};

/** An SSH public key that may log in. `fingerprint` is `SHA256:…` as OpenSSH prints it; `blob` is the RFC 4253 wire form. */
export type SshKey = KeyOptions & {
  readonly fingerprint: string;
  readonly type: string;
  readonly blob: Uint8Array;
  readonly comment: string;
  readonly created_at: number;
};

/** Names that scanners try first: no account has one, so that a login with it can be refused without a look. */
export function isScannerName(name: string): boolean {
  return name.length <= 2 || /^(root|admin|administrator)$/i.test(name);
}
