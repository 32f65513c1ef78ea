// Public keys only. An unknown user, a disabled account, an unknown key and a wrong signature all get the same
// answer after the same time, so that nobody learns which names exist; the log says which it was.
import { timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthContext, PublicKeyAuthContext } from 'ssh2';
import { type Account, isScannerName, type SshKey } from '../../domain/account.ts';
import type { Log } from '../../domain/log.ts';
import { fingerprintOf } from '../../domain/public-key.ts';
import { ssh2 } from '../transport/ssh2.ts';
import { limitOn, type Origin } from './limits.ts';

const REFUSAL_TIME = 300; // ms from request to refusal: more than the work of any of them takes
const LONGEST_NAME = 64; // characters of what a client says, in the log

/** An account and the keys that may log in, by its name. */
export type Lookup = (name: string) => Promise<{ account: Account; keys: readonly SshKey[] } | undefined>;

type Options = {
  readonly lookup: Lookup;
  /** The client's address. */
  readonly source: string;
  /** Refusals of one connection. */
  readonly most: number;
  readonly log: Log;
  readonly clock: () => number;
};

type Verdict =
  | { readonly as: 'accepted'; readonly account: Account }
  | { readonly as: 'asked' } // the client only asks whether this key would do
  | { readonly as: 'refused'; readonly kind: RefusedKind; readonly reason: string };

type RefusedKind = 'unknown_user' | 'refused_login';

type Told = {
  readonly accepted: (account: Account) => void;
  readonly refused: (kind: RefusedKind) => void;
  readonly giveUp: () => void;
};

/** Decides the attempts of one connection: `accepted` when somebody has logged in, `giveUp` after too many refusals. */
export function authenticator(
  { lookup, source, most, log, clock }: Options,
  { accepted, refused, giveUp }: Told,
) {
  let refusals = 0;
  return async (context: AuthContext): Promise<void> => {
    if (context.method === 'none') return context.reject(['publickey']); // how clients ask what is possible
    const time = sleep(REFUSAL_TIME);
    const verdict = await judge(context, lookup, { source, now: clock() });
    const who = { user: context.username.slice(0, LONGEST_NAME), source, ...keyOf(context) };
    if (verdict.as === 'refused') {
      log.info('refused a login', { ...who, reason: verdict.reason });
      refused(verdict.kind);
      await time;
      context.reject(['publickey']);
      if (++refusals >= most) giveUp();
      return;
    }
    if (verdict.as === 'accepted') {
      log.info('logged in', who);
      accepted(verdict.account);
    }
    context.accept();
  };
}

async function judge(context: AuthContext, lookup: Lookup, origin: Origin): Promise<Verdict> {
  const refused = (reason: string, kind: RefusedKind = 'refused_login'): Verdict => ({
    as: 'refused',
    kind,
    reason,
  });
  if (isScannerName(context.username))
    return refused('no account has this name: scanners try it', 'unknown_user');
  if (context.method !== 'publickey') return refused(`no ${context.method} here; log in with an SSH key`);
  const signature = checkSignature(context);
  const found = await lookup(context.username);
  const known = (found?.keys ?? []).find((key) => sameBytes(key.blob, context.key.data));
  if (!found)
    return refused(
      'there is no such account; policydrop account list shows those that there are',
      'unknown_user',
    );
  if (found.account.disabled)
    return refused('the account is disabled; policydrop account enable lets it in again');
  const { name } = found.account;
  if (!known)
    return refused(`the account does not have this key; policydrop key add ${name} FILE gives it one`);
  const limit = limitOn(known, name, origin);
  if (limit) return refused(limit);
  if (signature === 'sha1')
    return refused('the client signs with SHA-1; it must be updated, or use an Ed25519 key');
  if (signature === 'wrong')
    return refused('the signature is wrong; the client does not have the private key');
  return signature === 'missing' ? { as: 'asked' } : { as: 'accepted', account: found.account };
}

function checkSignature(context: PublicKeyAuthContext): 'missing' | 'right' | 'wrong' | 'sha1' {
  const { key, signature, blob, hashAlgo } = context;
  if (key.algo === 'ssh-rsa' && hashAlgo === undefined) return 'sha1';
  if (!signature) {
    // ssh2 would answer with the key's type, and current OpenSSH takes `ssh-rsa` for SHA-1 (RFC 8332, 3.2).
    if (hashAlgo !== undefined) key.algo = `rsa-sha2-${hashAlgo.replace(/\D/g, '')}`;
    return 'missing';
  }
  if (!blob) return 'wrong';
  const parsed = ssh2.utils.parseKey(`${key.algo} ${key.data.toString('base64')}`);
  return !(parsed instanceof Error) && parsed.verify(blob, signature, hashAlgo) === true ? 'right' : 'wrong';
}

function keyOf(context: AuthContext): { type?: string; key?: string } {
  if (context.method !== 'publickey') return {};
  return { type: context.key.algo.slice(0, LONGEST_NAME), key: fingerprintOf(context.key.data) };
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
