// Secret keys of the REST APIs: `sk_test_` or `sk_live_`, 16 digits that name the key, 64 that are its secret. The name alone is
// kept and shown; of the whole there is a SHA-256. A plain hash is enough: 256 random bits cannot be found by trying, so
// there is nothing that a slow hash would make slower but our own answers.
import { hash } from 'node:crypto';
import { MODES, type Mode } from './mode.ts';

const FORM = /^(sk_(test|live)_[0-9a-f]{16})[0-9a-f]{64}$/;
const NAME_BYTES = 8; // told apart among any number of keys
const SECRET_BYTES = 32;

/** As it is shown: `name` is how the key begins. */
export type ApiKey = {
  readonly name: string;
  readonly mode: Mode;
  readonly created_at: number;
  /** The instant (ms) from which on it is refused. */
  readonly expires_at: number | undefined;
};

/** A key as it is presented, or has just been made: `hash` is SHA-256 of the whole text. */
export type KeyProof = { readonly name: string; readonly mode: Mode; readonly hash: Uint8Array };

/** A new key; `text` is told once and kept nowhere. `random` gives so many random bytes. */
export function newApiKey(
  mode: Mode,
  random: (bytes: number) => Buffer,
): { readonly text: string; readonly proof: KeyProof } {
  const name = `sk_${mode}_${random(NAME_BYTES).toString('hex')}`;
  const text = name + random(SECRET_BYTES).toString('hex');
  return { text, proof: { name, mode, hash: hashOf(text) } };
}

/** What a text says that may be a key; undefined when it cannot be one. */
export function apiKeyIn(text: string): KeyProof | undefined {
  const [, name, said] = FORM.exec(text) ?? [];
  const mode = MODES.find((one) => one === said);
  return name === undefined || mode === undefined ? undefined : { name, mode, hash: hashOf(text) };
}

function hashOf(text: string): Uint8Array {
  return new Uint8Array(hash('sha256', text, 'buffer'));
}
