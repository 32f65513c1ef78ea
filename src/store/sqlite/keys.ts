import { hash } from 'node:crypto';
import type { StatementSync } from 'node:sqlite';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SLOTS = 2 ** 53;

/**
 * An idempotency key as stored: a UUID in its canonical form in 16 bytes, anything else as its text. Throws for half a
 * surrogate pair: it has no UTF-8, so the key would never be found again.
 */
export function storedKey(key: string): string | Uint8Array {
  if (!key.isWellFormed()) throw new Error(`The key ${JSON.stringify(key)} is no Unicode text`);
  return UUID.test(key) ? Buffer.from(key.replaceAll('-', ''), 'hex') : key;
}

export function keyText(stored: string | Uint8Array): string {
  if (typeof stored === 'string') return stored;
  const hex = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The first 53 bits of a keyed hash: whoever chooses the keys must not choose the slots. */
export type SlotOf = (account: number, mode: number, key: string) => number;

export function keyedSlots(secret: Uint8Array): SlotOf {
  const prefix = Buffer.from(secret).toString('hex');
  return (account, mode, key) => {
    const digest = hash('sha256', `${prefix} ${account} ${mode} ${key}`, 'buffer');
    return (digest.readUInt32BE(0) >>> 11) * 2 ** 32 + digest.readUInt32BE(4);
  };
}

/**
 * Looks for the policy of a key, from its slot on through those that other keys have taken (open addressing; nothing
 * is ever deleted, so a search may end at the first empty slot). `isIt` compares the key itself.
 */
export function findSlot(
  select: StatementSync,
  slot: number,
  isIt: (policy: number) => boolean,
): { slot: number; policy: number | undefined } {
  for (let at = slot; ; at = (at + 1) % SLOTS) {
    const policy = select.get(at)?.['policy'] as number | undefined;
    if (policy === undefined || isIt(policy)) return { slot: at, policy };
  }
}
