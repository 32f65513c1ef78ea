import { createCipheriv, createSecretKey, timingSafeEqual } from 'node:crypto';
import { BLOCK, loadChaCha20 } from './chacha20.ts';
import { type Cipher, LENGTH } from './cipher.ts';
import { loadPoly1305 } from './poly1305.ts';

const KEY = 32; // bytes of each of the two

/**
 * chacha20-poly1305@openssh.com (OpenSSH's PROTOCOL.chacha20poly1305), of two keys: the second is for the length. Of the first
 * one's stream, a block is the key of the tag, and what follows that is for the rest.
 */
export function loadChaCha20Poly1305(): (keys: Buffer) => Cipher {
  const [block, poly1305] = [loadChaCha20(), loadPoly1305()];

  return (keys) => {
    const key = Buffer.from(keys.subarray(0, KEY));
    const lengthKey = Buffer.from(keys.subarray(KEY));
    const secret = createSecretKey(key); // Node checks and copies bytes at each use
    const iv = Buffer.alloc(16);
    iv[0] = 1; // a counter of blocks, and the packet's number

    /** The length, encrypted or decrypted. */
    function otherLength(sequence: number, length: Buffer): number {
      return (length.readUInt32BE(0) ^ block(lengthKey, sequence, 0).readUInt32BE(0)) >>> 0;
    }

    /** The rest, encrypted or decrypted. */
    function otherRest(sequence: number, rest: Buffer): Buffer {
      if (rest.length <= BLOCK) return xor(rest, block(key, sequence, 1));
      iv.writeUInt32BE(sequence, 12);
      return createCipheriv('chacha20', secret, iv).update(rest);
    }

    return {
      block: 8,
      lengthOf: otherLength,
      open(sequence, length, rest, tag) {
        const expected = poly1305(block(key, sequence, 0), length, rest);
        if (!timingSafeEqual(expected, tag)) throw new Error('Invalid MAC');
        return otherRest(sequence, rest);
      },
      seal(sequence, packet) {
        const length = Buffer.allocUnsafe(LENGTH);
        length.writeUInt32BE(otherLength(sequence, packet));
        const rest = otherRest(sequence, packet.subarray(LENGTH));
        return [length, rest, Buffer.from(poly1305(block(key, sequence, 0), length, rest))];
      },
    };
  };
}

function xor(bytes: Buffer, stream: Buffer): Buffer {
  const result = Buffer.allocUnsafe(bytes.length);
  for (let at = 0; at < bytes.length; at++) result[at] = (bytes[at] ?? 0) ^ (stream[at] ?? 0);
  return result;
}
