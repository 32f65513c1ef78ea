// Public ids are derived, not stored: kind, 12 hex digits of time, 16 hex digits of the row's integer under a keyed
// permutation (Speck64/128), so that they sort by time and do not tell how many there are.
import { createHash } from 'node:crypto';

const KINDS = {
  account: 'acc',
  file: 'fil',
  import: 'imp',
  event: 'evt',
  endpoint: 'whk',
  delivery: 'dlv',
  replay: 'rpl',
} as const;
const TIME_DIGITS = 12;
const ROUNDS = 27;

/** What stands in an id: the row's integer and the instant it was made. */
export type Decoded = { readonly row: number; readonly created_at: number };

export type Codec = {
  encode(row: number, created_at: number): string;
  decode(id: string): Decoded | undefined;
};

export type PublicIds = { readonly [kind in keyof typeof KINDS]: Codec } & { readonly policy: PolicyCodec };

export type PolicyCodec = {
  encode(row: number, created_at: number, live: boolean): string;
  decode(id: string): (Decoded & { readonly live: boolean }) | undefined;
};

/** The codecs of every kind, each under a key of its own derived from `secret`. */
export function publicIds(secret: Uint8Array): PublicIds {
  const kinds = Object.entries(KINDS).map(([kind, prefix]) => [kind, codec(prefix, keyOf(secret, kind))]);
  const test = codec('tpol', keyOf(secret, 'test policy'));
  const live = codec('lpol', keyOf(secret, 'live policy'));
  const policy: PolicyCodec = {
    encode: (row, created_at, isLive) => (isLive ? live : test).encode(row, created_at),
    decode: (id) => {
      const isLive = id.startsWith('lpol_');
      const decoded = (isLive ? live : test).decode(id);
      return decoded && { ...decoded, live: isLive };
    },
  };
  return { ...Object.fromEntries(kinds), policy } as PublicIds;
}

function keyOf(secret: Uint8Array, kind: string): Uint32Array {
  const digest = createHash('sha256').update(secret).update(kind).digest();
  return roundKeys([0, 4, 8, 12].map((offset) => digest.readUInt32LE(offset)));
}

function codec(prefix: string, keys: Uint32Array): Codec {
  const shape = new RegExp(`^${prefix}_([0-9a-f]{12})([0-9a-f]{8})([0-9a-f]{8})$`);
  let lastInstant = -1;
  let start = '';
  return {
    encode(row, created_at) {
      const [x, y] = encrypt(Math.floor(row / 2 ** 32), row >>> 0, keys);
      if (created_at !== lastInstant) [lastInstant, start] = [created_at, `${prefix}_${hexTime(created_at)}`];
      return start + hex(x) + hex(y);
    },
    decode(id) {
      const [, time = '', x = '', y = ''] = shape.exec(id) ?? [];
      if (time === '') return undefined;
      const [high, low] = decrypt(Number.parseInt(x, 16), Number.parseInt(y, 16), keys);
      const row = high * 2 ** 32 + low;
      return Number.isSafeInteger(row) ? { row, created_at: Number.parseInt(time, 16) } : undefined;
    },
  };
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The eight hex digits of 32 bits; an id is made for every line of a report. */
function hex(word: number): string {
  const byte = (shift: number) => BYTES[(word >>> shift) & 255] as string;
  return byte(24) + byte(16) + byte(8) + byte(0);
}

function hexTime(instant: number): string {
  return instant.toString(16).padStart(TIME_DIGITS, '0');
}

/** Speck64/128 (Beaulieu et al., "The SIMON and SPECK Families of Lightweight Block Ciphers", 2013), key words low first. */
export function roundKeys(words: readonly number[]): Uint32Array {
  const keys = new Uint32Array(ROUNDS);
  const l = words.slice(1);
  let k = words[0] ?? 0;
  for (let i = 0; i < ROUNDS; i++) {
    keys[i] = k;
    const next = ((rotate(l[i] ?? 0, 24) + k) ^ i) >>> 0;
    l.push(next);
    k = (rotate(k, 3) ^ next) >>> 0;
  }
  return keys;
}

export function encrypt(x: number, y: number, keys: Uint32Array): [number, number] {
  for (const key of keys) {
    x = ((rotate(x, 24) + y) ^ key) >>> 0;
    y = (rotate(y, 3) ^ x) >>> 0;
  }
  return [x, y];
}

function decrypt(x: number, y: number, keys: Uint32Array): [number, number] {
  for (let i = ROUNDS - 1; i >= 0; i--) {
    y = rotate((x ^ y) >>> 0, 29);
    x = rotate(((x ^ (keys[i] ?? 0)) - y) >>> 0, 8);
  }
  return [x, y];
}

function rotate(word: number, left: number): number {
  return ((word << left) | (word >>> (32 - left))) >>> 0;
}
