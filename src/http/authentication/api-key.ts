import { timingSafeEqual } from 'node:crypto';
import type { Account } from '../../domain/account.ts';
import { apiKeyIn } from '../../domain/api-key.ts';
import type { Mode } from '../../domain/mode.ts';
import { ok, type Refusal, refused } from '../../domain/refusal.ts';
import { plainAddress, sourceOf } from '../../domain/source.ts';
import { TokenBuckets } from '../../domain/token-buckets.ts';
import type { ApiKeyStore } from '../../store/api-key-store.ts';

const BURST = 10; // seconds' worth of requests at once: a shop opens its doors, a program catches up

/** On whose behalf a request is answered, and by the name of which key. */
export type Caller = { readonly account: Account; readonly mode: Mode; readonly key: string };

export type Authenticated =
  | { readonly ok: true; readonly value: Caller }
  | Refusal<'no_key' | 'wrong_key' | 'not_allowed'>
  | (Refusal<'too_many'> & { readonly retryAfter: number }); // seconds

/** Who presents `credential` from `address`; wrong keys count against the address's source, requests with a key that there is against its account. */
export type Authenticate = (credential: string | undefined, address: string) => Promise<Authenticated>;

export type CallerLimits = {
  /** Wrong keys of a source, per minute. */
  readonly failures: number;
  /** Requests of an account and mode, per second. */
  readonly request_rate: number;
};

/** Whoever holds no key learns nothing but that; the holder of a key is told what keeps it from being used. `clock` in ms. */
export function apiKeyAuthentication(
  store: Pick<ApiKeyStore, 'apiKeyOwner'>,
  { failures: perMinute, request_rate }: CallerLimits,
  clock: () => number,
): Authenticate {
  const failures = new TokenBuckets({ burst: perMinute, perSecond: perMinute / 60, clock });
  const requests = new TokenBuckets({ burst: request_rate * BURST, perSecond: request_rate, clock });
  return async (credential, socketAddress) => {
    if (credential === undefined) return refused('no_key', NO_KEY);
    const source = sourceOf(plainAddress(socketAddress));
    const retryAfter = failures.wait(source);
    if (retryAfter > 0) return { ...refused('too_many', tooManyFailures(retryAfter)), retryAfter };
    const proof = apiKeyIn(credential);
    const owner = proof && (await store.apiKeyOwner(proof.name));
    if (!proof || !owner || !timingSafeEqual(owner.hash, proof.hash)) {
      failures.take(source);
      return refused('wrong_key', 'There is no such API key: it was mistyped, or it has been removed.');
    }
    const { account, expires_at = Number.POSITIVE_INFINITY } = owner;
    const caller = { account, mode: proof.mode, key: proof.name };
    const bucket = `${account.id} ${caller.mode}`;
    if (!requests.take(bucket))
      return { ...refused('too_many', tooFast(caller, request_rate)), retryAfter: requests.wait(bucket) };
    if (clock() >= expires_at) return refused('wrong_key', expired(expires_at));
    const problem = problemWith(caller);
    return problem === undefined ? ok(caller) : refused('not_allowed', problem);
  };
}

const NO_KEY =
  'This needs a secret API key: send it as the user name of HTTP Basic with no password, or as "Authorization: Bearer KEY".';

function expired(expires_at: number): string {
  return `This API key has expired at ${new Date(expires_at).toISOString()}. The insurer can make you a new one.`;
}

function tooFast({ mode }: Caller, rate: number): string {
  return `More than ${rate} requests a second came with the ${mode} keys of this account. Wait a moment; many policies at once are bought with a file.`;
}

function tooManyFailures(seconds: number): string {
  return `Too many wrong API keys came from this address. Try again in ${seconds} s, with a right one.`;
}

function problemWith({ account, mode }: Caller): string | undefined {
  if (account.disabled) return 'This account is disabled. The insurer can enable it.';
  return account.modes.includes(mode) ? undefined : `This account is not for ${mode} policies any more.`;
}
