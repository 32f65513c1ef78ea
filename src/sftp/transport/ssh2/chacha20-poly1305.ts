import { type Cipheriv, createCipheriv, createSecretKey, timingSafeEqual } from 'node:crypto';
import { type Cipher, LENGTH } from './cipher.ts';
import type { Poly1305 } from './poly1305.ts';

const KEY = 32; // bytes of each of the two
const FIRST_BLOCK = Buffer.alloc(64); // of the stream: the key of the tag is its first half

/** chacha20-poly1305@openssh.com (OpenSSH's PROTOCOL.chacha20poly1305): the first key is for all but the length. */
export function chacha20Poly1305(keys: Buffer, poly1305: Poly1305): Cipher {
  const key = createSecretKey(keys.subarray(0, KEY)); // Node checks and copies bytes at each use
  const lengthKey = createSecretKey(keys.subarray(KEY));
  const iv = Buffer.alloc(16); // a counter that begins with 0, and the packet's number

  function stream(of: typeof key, sequence: number): Cipheriv {
    iv.writeUInt32BE(sequence, 12);
    return createCipheriv('chacha20', of, iv);
  }

  return {
    block: 8,
    lengthOf: (sequence, length) => stream(lengthKey, sequence).update(length).readUInt32BE(0),
    open(sequence, length, rest, tag) {
      const cipher = stream(key, sequence);
      const expected = poly1305(cipher.update(FIRST_BLOCK), length, rest);
      if (!timingSafeEqual(expected, tag)) throw new Error('Invalid MAC');
      return cipher.update(rest);
    },
    seal(sequence, packet) {
      const length = stream(lengthKey, sequence).update(packet.subarray(0, LENGTH));
      const cipher = stream(key, sequence);
      const tagKey = cipher.update(FIRST_BLOCK);
      const rest = cipher.update(packet.subarray(LENGTH));
      return [length, rest, Buffer.from(poly1305(tagKey, length, rest))];
    },
  };
}
