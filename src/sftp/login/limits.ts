import type { SshKey } from '../../domain/account.ts';
import { isWithin } from '../../domain/network.ts';

/** Where a client comes from, and when (ms). */
export type Origin = { readonly source: string; readonly now: number };

/** Why a key of an account does not log in from there and now: what the log says. Undefined when it does. */
export function limitOn(key: SshKey, account: string, { source, now }: Origin): string | undefined {
  const { expires_at, from } = key;
  const again = `policydrop key add ${account} FILE`;
  if (expires_at !== undefined && now >= expires_at) {
    const expired = new Date(expires_at).toISOString();
    return `the key has expired at ${expired}; ${again} --expires DATE gives it another date`;
  }
  if (from.length > 0 && !isWithin(source, from)) {
    return `the key logs in from ${from.join(', ')} only; ${again} --from NETWORK gives it other networks`;
  }
  return undefined;
}
