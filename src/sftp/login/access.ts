import { timingSafeEqual } from 'node:crypto';
import type { Account, Revocation, Revoked, SshKey } from '../../domain/account.ts';
import { isWithin } from '../../domain/network.ts';
import { fingerprintOf, problemWithKey } from '../../domain/public-key.ts';

const LONGEST_TYPE = 64; // characters of what a client says, in the log

/** An account, the keys that may log in or certify others, and what may log in no more. */
export type Access = {
  readonly account: Account;
  readonly keys: readonly SshKey[];
  readonly revocations: readonly Revocation[];
};

/** The client's address, and the time (ms). */
export type Origin = { readonly source: string; readonly now: number };

/** Why a key does not log in as this account, from there and now: what the log says. Undefined when it does. */
export function problemWithLogin(
  { type, key }: { type: string; key: Uint8Array },
  { account, keys, revocations }: Access,
  origin: Origin,
): string | undefined {
  const { name } = account;
  const known = keys.find(({ blob }) => sameBytes(blob, key));
  if (isRevoked(revocations, fingerprintOf(key))) return 'the key is revoked; the client needs a new one';
  if (!known) {
    const unusable = problemWithKey(type.slice(0, LONGEST_TYPE), key);
    if (unusable) return `the key cannot log in here: ${unusable}`;
    return `the account does not have this key; policydrop key add ${name} FILE gives it one`;
  }
  if (known.principals) {
    return `the key is an authority for certificates; policydrop key add ${name} FILE, without --ca, lets it log in itself`;
  }
  return limitOn(known, name, origin);
}

/** Why a key of an account does nothing from there and now. */
export function limitOn(key: SshKey, account: string, { source, now }: Origin): string | undefined {
  const { expires_at, from, principals } = key;
  const which = principals ? "the authority's key" : 'the key';
  const again = `policydrop key add ${account} FILE${principals ? ' --ca' : ''}`;
  if (expires_at !== undefined && now >= expires_at) {
    const expired = new Date(expires_at).toISOString();
    return `${which} has expired at ${expired}; ${again} --expires DATE gives it another date`;
  }
  if (from.length > 0 && !isWithin(source, from)) {
    return `${which} is for ${from.join(', ')} only; ${again} --from NETWORK gives it other networks`;
  }
  return undefined;
}

export function isRevoked(revocations: readonly Revocation[], what: Revoked): boolean {
  return revocations.some(({ revoked }) => revoked === what);
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
