// What ssh2 calls of node:crypto for each packet, with less work and the same results. It hands over keys as bytes,
// which Node checks and copies each time (8 µs), and has padding made a few bytes at a time (20 µs).
import {
  type CipherKey,
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomFillSync,
} from 'node:crypto';

const keys = new WeakMap<NodeJS.ArrayBufferView, KeyObject>();

/** The same key for the same buffer, which ssh2 never changes. */
function keyOf(bytes: CipherKey): CipherKey {
  if (!ArrayBuffer.isView(bytes)) return bytes;
  const known = keys.get(bytes);
  if (known) return known;
  const key = createSecretKey(bytes);
  keys.set(bytes, key);
  return key;
}

const pool = Buffer.alloc(4096); // bytes of padding made at once; a packet takes 4 to 19
let used = pool.length;

/** Random bytes that are handed out once, as node:crypto's randomFillSync. */
function fillFromPool(target: Buffer, offset = 0, size = target.length - offset): Buffer {
  if (size > pool.length - used) {
    if (size > pool.length) return randomFillSync(target, offset, size);
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(target, offset, used, used + size);
  used += size;
  return target;
}

/** To stand in for those of node:crypto while ssh2 is loaded. */
export const packetCrypto = {
  createCipheriv: (name: string, key: CipherKey, iv: Buffer) => createCipheriv(name, keyOf(key), iv),
  createDecipheriv: (name: string, key: CipherKey, iv: Buffer) => createDecipheriv(name, keyOf(key), iv),
  randomFillSync: fillFromPool,
};
