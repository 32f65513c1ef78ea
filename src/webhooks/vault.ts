// Secrets of endpoints are kept encrypted, so that neither the database nor a backup of it gives them away.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { EndpointId } from '../domain/ids.ts';

const CIPHER = 'aes-256-gcm';
const VERSION = 1; // the first byte of what is sealed; another form gets another number
const NONCE = 12; // bytes; random, as an endpoint's few secrets never come near the 2^32 of NIST SP 800-38D
const TAG = 16; // bytes

/** What to do when secrets cannot be decrypted. */
export const PUT_IT_BACK =
  'Put master.key, or POLICYDROP_MASTER_KEY, back as it was. When it is lost for good: policydrop webhook renew-lost';

export type Vault = {
  /** Encrypts a secret for one endpoint; it cannot be opened as that of another. */
  seal(secret: string, endpoint: EndpointId): Uint8Array;
  /** Throws when it was sealed under another master key or for another endpoint, or has been changed. */
  open(sealed: Uint8Array, endpoint: EndpointId): string;
};

/** The same vault, which opens one object only once: all that is claimed for an endpoint together shares its secrets. */
export function openingOnce(vault: Vault): Vault {
  const known = new WeakMap<Uint8Array, string>();
  return {
    seal: vault.seal,
    open(sealed, endpoint) {
      const secret = known.get(sealed) ?? vault.open(sealed, endpoint);
      known.set(sealed, secret);
      return secret;
    },
  };
}

/** AES-256-GCM under `key` (32 bytes): version, nonce, ciphertext, tag; the endpoint's id is the associated data. */
export function secretVault(key: Uint8Array): Vault {
  return {
    seal(secret, endpoint) {
      const nonce = randomBytes(NONCE);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(endpoint));
      const ciphertext = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([Buffer.of(VERSION), nonce, ciphertext, cipher.getAuthTag()]);
    },
    open(sealed, endpoint) {
      try {
        return opened(Buffer.from(sealed), key, endpoint);
      } catch (cause) {
        throw new Error(
          `The secret of ${endpoint} cannot be decrypted: the master key is not the one that it was encrypted with. ${PUT_IT_BACK}`,
          { cause },
        );
      }
    },
  };
}

function opened(sealed: Buffer, key: Uint8Array, endpoint: EndpointId): string {
  if (sealed[0] !== VERSION) throw new Error(`sealed in a form that is not known: ${sealed[0]}`);
  const nonce = sealed.subarray(1, 1 + NONCE);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG })
    .setAAD(Buffer.from(endpoint))
    .setAuthTag(sealed.subarray(-TAG));
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE, -TAG)), decipher.final()]).toString(
    'utf8',
  );
}
