// mlkem768x25519-sha256 (RFC 10042): ML-KEM-768 against computers to come, X25519 in case ML-KEM does not hold.
import {
  createHash,
  createPublicKey,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

export const HYBRID = 'mlkem768x25519-sha256';

const ML_KEM_KEY = 1184; // bytes: the client's encapsulation key (FIPS 203, 8)
const X25519_KEY = 32; // bytes (RFC 7748)

/**
 * The server's answer to what the client sent in SSH_MSG_KEX_ECDH_INIT: `reply` goes into SSH_MSG_KEX_ECDH_REPLY, and
 * `secret`, K, enters hash and key derivation as a string, not as an mpint. Throws when the client's keys are no keys.
 */
export function answerHybrid(init: Buffer): { reply: Buffer; secret: Buffer } {
  if (init.length !== ML_KEM_KEY + X25519_KEY) {
    throw new Error(`the client's keys have ${init.length} bytes, not ${ML_KEM_KEY + X25519_KEY}`);
  }
  const { sharedKey, ciphertext } = encapsulate(publicKey('ml-kem-768', init.subarray(0, ML_KEM_KEY)));
  const own = generateKeyPairSync('x25519');
  const agreed = diffieHellman({
    privateKey: own.privateKey,
    publicKey: publicKey('x25519', init.subarray(ML_KEM_KEY)),
  });
  return {
    reply: Buffer.concat([ciphertext, own.publicKey.export({ format: 'raw-public' })]),
    secret: createHash('sha256').update(sharedKey).update(agreed).digest(),
  };
}

/** OpenSSL checks what is in it, of ML-KEM that every coefficient is less than q (FIPS 203, 7.2). */
function publicKey(asymmetricKeyType: 'ml-kem-768' | 'x25519', key: Buffer): KeyObject {
  return createPublicKey({ key, format: 'raw-public', asymmetricKeyType });
}
