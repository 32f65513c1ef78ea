import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { type Cipher, LENGTH } from './cipher.ts';

/** aes128-gcm@openssh.com and aes256-gcm@openssh.com (RFC 5647); the length goes in the clear, and the tag covers it. */
export function aesGcm(name: 'aes-128-gcm' | 'aes-256-gcm', keyBytes: Buffer, first: Buffer): Cipher {
  const key = createSecretKey(keyBytes); // Node checks and copies bytes at each use
  const iv = Buffer.from(first);

  return {
    block: 16,
    lengthOf: (_sequence, length) => length.readUInt32BE(0),
    open(_sequence, length, rest, tag) {
      const decipher = createDecipheriv(name, key, iv).setAAD(length);
      const plain = decipher.update(rest);
      decipher.setAuthTag(tag).final();
      increment(iv);
      return plain;
    },
    seal(_sequence, packet) {
      const length = Buffer.from(packet.subarray(0, LENGTH));
      const cipher = createCipheriv(name, key, iv).setAAD(length);
      const sealed = cipher.update(packet.subarray(LENGTH));
      cipher.final();
      increment(iv);
      return [length, sealed, cipher.getAuthTag()];
    },
  };
}

/** The last eight bytes count packets (RFC 5647, 7.1). */
function increment(iv: Buffer): void {
  for (let at = iv.length - 1; at >= 4; at--) {
    const byte = ((iv[at] ?? 0) + 1) & 0xff;
    iv[at] = byte;
    if (byte !== 0) return;
  }
}
