import { timingSafeEqual } from 'node:crypto';
import type { Account } from '../../domain/account.ts';
import { apiKeyIn } from '../../domain/api-key.ts';
import type { Mode } from '../../domain/mode.ts';
import { ok, type Refusal, refused } from '../../domain/refusal.ts';
import { plainAddress } from '../../domain/source.ts';
import type { ApiKeyStore } from '../../store/api-key-store.ts';
import type { Failures } from './failures.ts';

/** On whose behalf a request is answered, and by the name of which key. */
export type Caller = { readonly account: Account; readonly mode: Mode; readonly key: string };

export type Authenticated =
  | { readonly ok: true; readonly value: Caller }
  | Refusal<'no_key' | 'wrong_key' | 'not_allowed'>
  | (Refusal<'too_many_failures'> & { readonly retryAfter: number }); // seconds

/** Who presents `credential` from `address`; failures count against the address's source. */
export type Authenticate = (credential: string | undefined, address: string) => Promise<Authenticated>;

/** Whoever holds no key learns nothing but that; the holder of a key is told what keeps it from being used. */
export function apiKeyAuthentication(
  store: Pick<ApiKeyStore, 'apiKeyOwner'>,
  failures: Failures,
): Authenticate {
  return async (credential, socketAddress) => {
    const address = plainAddress(socketAddress);
    if (credential === undefined) return refused('no_key', NO_KEY);
    const retryAfter = failures.wait(address);
    if (retryAfter > 0) return { ...refused('too_many_failures', tooMany(retryAfter)), retryAfter };
    const proof = apiKeyIn(credential);
    const owner = proof && (await store.apiKeyOwner(proof.name));
    if (!proof || !owner || !timingSafeEqual(owner.hash, proof.hash)) {
      failures.count(address);
      return refused('wrong_key', 'There is no such API key: it was mistyped, or it has been removed.');
    }
    const { account } = owner;
    const caller = { account, mode: proof.mode, key: proof.name };
    const problem = problemWith(caller);
    return problem === undefined ? ok(caller) : refused('not_allowed', problem);
  };
}

const NO_KEY =
  'This needs a secret API key: send it as the user name of HTTP Basic with no password, or as "Authorization: Bearer KEY".';

function tooMany(seconds: number): string {
  return `Too many wrong API keys came from this address. Try again in ${seconds} s, with a right one.`;
}

function problemWith({ account, mode }: Caller): string | undefined {
  if (account.disabled) return 'This account is disabled. The insurer can enable it.';
  return account.modes.includes(mode) ? undefined : `This account is not for ${mode} policies any more.`;
}
