// AES-GCM and ChaCha20-Poly1305 in the place of ssh2's: half the work for each packet, and the memory of large ones is
// free for the next at once. Its other ciphers, and all that keys are made of, stay its own.
import { aesGcm } from './aes-gcm.ts';
import type { Cipher } from './cipher.ts';
import { PacketCipher } from './packet-cipher.ts';
import { PacketDecipher } from './packet-decipher.ts';
import { changed } from './private-parts.ts';

type Outbound = {
  readonly outbound: {
    readonly cipherInfo: { readonly sslName: string };
    readonly cipherKey: Buffer;
    readonly cipherIV: Buffer;
    readonly seqno: number;
    readonly onWrite: ConstructorParameters<typeof PacketCipher>[2];
  };
};

type Inbound = {
  readonly inbound: {
    readonly decipherInfo: { readonly sslName: string };
    readonly decipherKey: Buffer;
    readonly decipherIV: Buffer;
    readonly seqno: number;
    readonly onPayload: ConstructorParameters<typeof PacketDecipher>[2];
  };
};

/** What ssh2's crypto.js exports. */
export type PacketCrypto = {
  createCipher: (config: Outbound) => object;
  createDecipher: (config: Inbound) => object;
};

/** Replaces two exports; what takes them from there must not have been loaded. */
export function replaceCiphers(crypto: PacketCrypto, chacha20Poly1305: (keys: Buffer) => Cipher): void {
  const { createCipher, createDecipher } = crypto;
  if (typeof createCipher !== 'function' || typeof createDecipher !== 'function') {
    throw changed('its ciphers have other names');
  }
  crypto.createCipher = (config) => {
    const { cipherInfo, cipherKey, cipherIV, seqno, onWrite } = config.outbound;
    const cipher = cipherOf(cipherInfo.sslName, cipherKey, cipherIV);
    return cipher ? new PacketCipher(cipher, seqno, onWrite) : createCipher(config);
  };
  crypto.createDecipher = (config) => {
    const { decipherInfo, decipherKey, decipherIV, seqno, onPayload } = config.inbound;
    const cipher = cipherOf(decipherInfo.sslName, decipherKey, decipherIV);
    return cipher ? new PacketDecipher(cipher, seqno, onPayload) : createDecipher(config);
  };

  function cipherOf(name: string, key: Buffer, iv: Buffer): Cipher | undefined {
    switch (name) {
      case 'aes-128-gcm':
      case 'aes-256-gcm':
        return aesGcm(name, key, iv);
      case 'chacha20':
        return chacha20Poly1305(key);
      default:
        return undefined;
    }
  }
}
