import type { Algorithms } from 'ssh2';
import { HYBRID } from './ssh2/hybrid.ts';

const MACS = ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'] as const;

/** What ssh-audit finds nothing against: no SHA-1, no NIST curves for the exchange, no encrypt-and-MAC, no compression. */
export const ALGORITHMS: Algorithms = {
  kex: [HYBRID as never, 'curve25519-sha256', 'curve25519-sha256@libssh.org'],
  serverHostKey: ['ssh-ed25519'],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com' as never, // ssh2 has it, its types have not
    'aes256-ctr',
    'aes128-ctr',
  ],
  hmac: [...MACS],
  compress: ['none'],
};

/** With encrypt-and-MAC as well, last, for clients that know nothing better: libssh2 before 1.11. */
export const OLDER_ALGORITHMS: Algorithms = {
  ...ALGORITHMS,
  hmac: [...MACS, 'hmac-sha2-256', 'hmac-sha2-512'],
};

/** What users' keys may sign a login with: told to clients as `server-sig-algs` (RFC 8308, 3.1). */
export const SIGNATURE_ALGORITHMS: readonly string[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
];

// Keys are exchanged again, as RFC 4253, 9 recommends.
export const REKEY_BYTES = 1024 ** 3; // in both directions together
export const REKEY_TIME = 3_600_000; // ms
