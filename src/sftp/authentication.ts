// Public keys only. An unknown user, a disabled account, an unknown key and a wrong signature all get the same
// answer after the same time, so that nobody learns which names exist; the log says which it was.
import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2, { type AuthContext, type PublicKeyAuthContext } from 'ssh2';
import type { Account, SshKey } from '../domain/account.ts';
import type { Log } from '../domain/log.ts';
import { fingerprintOf } from '../domain/public-key.ts';

const REFUSAL_TIME = 300; // ms from request to refusal: more than the work of any of them takes
const MAX_ATTEMPTS = 6; // as OpenSSH's MaxAuthTries

/** An account and the keys that may log in, by its name. */
export type Lookup = (name: string) => Promise<{ account: Account; keys: readonly SshKey[] } | undefined>;

type Options = { readonly lookup: Lookup; readonly source: string; readonly log: Log };

/** Decides the attempts of one connection; `accepted` is called when a signature is right. */
export function authenticator({ lookup, source, log }: Options, accepted: (account: Account) => void) {
  let attempts = 0;
  return async (context: AuthContext, giveUp: () => void): Promise<void> => {
    if (context.method === 'none') return context.reject(['publickey']); // how clients ask what is possible
    if (++attempts > MAX_ATTEMPTS) return giveUp();
    const time = sleep(REFUSAL_TIME);
    const verdict = await judge(context);
    if (typeof verdict !== 'string') {
      if (verdict.signed) {
        log.info('logged in', { user: context.username, source, key: verdict.fingerprint });
        accepted(verdict.account);
      }
      return context.accept();
    }
    log.info('refused a login', { user: context.username, source, reason: verdict });
    await time;
    context.reject(['publickey']);
  };

  /** The account, or why not. */
  async function judge(
    context: AuthContext,
  ): Promise<{ account: Account; fingerprint: string; signed: boolean } | string> {
    if (context.method !== 'publickey') return `${context.method} is not offered; log in with a key`;
    const found = await lookup(context.username);
    const fingerprint = fingerprintOf(context.key.data);
    const known = (found?.keys ?? []).some((key) => sameBytes(key.blob, context.key.data));
    const signature = checkSignature(context);
    if (!found) return 'there is no such account';
    if (!known)
      return `the account has no ${context.key.algo} key ${fingerprint}; add it with: policydrop key add`;
    if (found.account.disabled) return 'the account is disabled';
    if (signature === 'wrong') return `the signature of ${fingerprint} is wrong`;
    if (signature === 'sha1')
      return 'the client signs with SHA-1 (ssh-rsa); update it, or use an Ed25519 key';
    return { account: found.account, fingerprint, signed: signature === 'right' };
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** `asked`: the client only asks whether this key would do. */
function checkSignature(context: PublicKeyAuthContext): 'asked' | 'right' | 'wrong' | 'sha1' {
  const { key, signature, blob, hashAlgo } = context;
  if (key.algo === 'ssh-rsa') {
    if (hashAlgo === undefined) return 'sha1';
    // ssh2 would name the key's type in its answer, and current OpenSSH refuses that as SHA-1 (RFC 8332, 3.2).
    if (!signature) key.algo = `rsa-sha2-${hashAlgo.replace(/\D/g, '')}`;
  }
  if (!signature || !blob) return 'asked';
  const parsed = ssh2.utils.parseKey(`${key.algo} ${key.data.toString('base64')}`);
  return !(parsed instanceof Error) && parsed.verify(blob, signature, hashAlgo) === true ? 'right' : 'wrong';
}
