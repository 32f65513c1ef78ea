import { hash } from 'node:crypto';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const SLOTS = 2 ** 53;

/**
 * An idempotency key as stored: a UUID in its canonical form in 16 bytes, anything else as its text. Throws for half a
 * surrogate pair: it has no UTF-8, so the key would never be found again.
 */
export function storedKey(key: string): string | Uint8Array {
  if (!key.isWellFormed()) throw new Error(`The key ${JSON.stringify(key)} is no Unicode text`);
  if (!UUID.test(key)) return key;
  const hex = key.slice(0, 8) + key.slice(9, 13) + key.slice(14, 18) + key.slice(19, 23) + key.slice(24);
  return Buffer.from(hex, 'hex');
}

export function keyText(stored: string | Uint8Array): string {
  if (typeof stored === 'string') return stored;
  const hex = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const HEX = 'lower(hex(policy.key))';
/** The same in SQL, which makes no bytes of it first. */
export const KEY_TEXT = `CASE typeof(policy.key) WHEN 'text' THEN policy.key ELSE substr(${HEX}, 1, 8) || '-' || substr(${HEX}, 9, 4)
  || '-' || substr(${HEX}, 13, 4) || '-' || substr(${HEX}, 17, 4) || '-' || substr(${HEX}, 21) END`;

/** The first 53 bits of a keyed hash: whoever chooses the keys must not choose the slots. */
export type SlotOf = (account: number, mode: number, key: string) => number;

export function keyedSlots(secret: Uint8Array): SlotOf {
  const prefix = Buffer.from(secret).toString('hex');
  return (account, mode, key) => {
    const digest = hash('sha256', `${prefix} ${account} ${mode} ${key}`, 'hex'); // a buffer takes twice the time
    return (
      (Number.parseInt(digest.slice(0, 8), 16) >>> 11) * 2 ** 32 + Number.parseInt(digest.slice(8, 16), 16)
    );
  };
}

/**
 * Looks for the policy of a key, from its slot on through those that other keys have taken (open addressing; nothing
 * is ever deleted, so a search may end at the first empty slot). `taken` gives the policy in a slot, `isIt` compares the key itself.
 */
export function findSlot(
  taken: (slot: number) => number | undefined,
  slot: number,
  isIt: (policy: number) => boolean,
): { slot: number; policy: number | undefined } {
  for (let at = slot; ; at = (at + 1) % SLOTS) {
    const policy = taken(at);
    if (policy === undefined || isIt(policy)) return { slot: at, policy };
  }
}
