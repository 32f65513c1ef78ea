import { randomFillSync } from 'node:crypto';

const pool = Buffer.alloc(4096); // bytes of padding made at once; a packet takes 4 to 19
let used = pool.length;

/** Random bytes that are handed out once, as node:crypto's randomFillSync; to make a few takes that 20 µs. */
export function fillWithPadding(target: Buffer, offset = 0, size = target.length - offset): Buffer {
  if (size > pool.length - used) {
    if (size > pool.length) return randomFillSync(target, offset, size);
    randomFillSync(pool);
    used = 0;
  }
  pool.copy(target, offset, used, used + size);
  used += size;
  return target;
}
