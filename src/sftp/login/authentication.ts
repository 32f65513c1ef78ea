// Public keys and certificates only. An unknown user, a disabled account, an unknown key and a wrong signature all get
// the same answer after the same time, so that nobody learns which names exist; the log says which it was.
import { setTimeout as sleep } from 'node:timers/promises';
import type { AuthContext, PublicKeyAuthContext } from 'ssh2';
import { type Account, isScannerName } from '../../domain/account.ts';
import type { Log } from '../../domain/log.ts';
import { fingerprintOf } from '../../domain/public-key.ts';
import { type Access, type Origin, problemWithLogin } from './access.ts';
import { problemWithCertificate } from './certificate.ts';
import { isSigned, type Offer, offerOf } from './offer.ts';

const REFUSAL_TIME = 300; // ms from request to refusal: more than the work of any of them takes
const ADVICE =
  'with several keys, it should offer only the one that it has here: IdentitiesOnly yes, in OpenSSH';
const LONGEST_NAME = 64; // characters of what a client says, in the log

/** What there is for a user name. */
export type Lookup = (name: string) => Promise<Access | undefined>;

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
    const offer = context.method === 'publickey' ? offerOf(context) : undefined;
    const verdict = await judge(context, offer, lookup, { source, now: clock() });
    const who = { user: context.username.slice(0, LONGEST_NAME), source, ...described(context, offer) };
    if (verdict.as === 'refused') {
      log.info('refused a login', { ...who, reason: verdict.reason });
      refused(verdict.kind);
      await time;
      context.reject(['publickey']);
      if (++refusals < most) return;
      log.info('a client was refused too often', { ...who, advice: ADVICE });
      return giveUp();
    }
    if (verdict.as === 'accepted') {
      log.info('logged in', who);
      accepted(verdict.account);
    }
    context.accept();
  };
}

async function judge(
  context: AuthContext,
  offer: Offer | undefined,
  lookup: Lookup,
  origin: Origin,
): Promise<Verdict> {
  if (isScannerName(context.username)) {
    return refusedFor('no account has this name: scanners try it', 'unknown_user');
  }
  if (context.method !== 'publickey') {
    return refusedFor(`no ${context.method.slice(0, LONGEST_NAME)} here; log in with an SSH key`);
  }
  const access = await lookup(context.username);
  if (!access) {
    const reason = 'there is no such account; policydrop account list shows those that there are';
    return refusedFor(reason, 'unknown_user');
  }
  const { name, disabled } = access.account;
  if (disabled) {
    return refusedFor(`the account is disabled; policydrop account enable ${name} lets it in again`);
  }
  if (!offer) {
    return refusedFor('the certificate is damaged, or its key is of a type that cannot log in here');
  }
  return judgeOffer(context, offer, access, origin);
}

function judgeOffer(context: PublicKeyAuthContext, offer: Offer, access: Access, origin: Origin): Verdict {
  const problem = offer.certificate
    ? problemWithCertificate(offer.certificate, access, origin)
    : problemWithLogin(offer, access, origin);
  if (problem !== undefined) return refusedFor(problem);
  if (offer.algorithm === 'ssh-rsa') {
    return refusedFor('the client signs with SHA-1; it must be updated, or use an Ed25519 key');
  }
  if (!context.signature) return asked(context, offer);
  if (isSigned(context, offer)) return { as: 'accepted', account: access.account };
  return refusedFor('the signature is wrong; the client does not have the private key');
}

function refusedFor(reason: string, kind: RefusedKind = 'refused_login'): Verdict {
  return { as: 'refused', kind, reason };
}

function asked({ key }: PublicKeyAuthContext, { algorithm, certificate }: Offer): Verdict {
  // ssh2 would answer for every RSA key with `ssh-rsa`, which current OpenSSH takes for SHA-1 (RFC 8332, 3.2).
  if (!certificate) key.algo = algorithm;
  return { as: 'asked' };
}

/** The log's words for what a client offers; the fingerprint of a certificate is that of its key, as ssh-keygen has it. */
function described(context: AuthContext, offer: Offer | undefined): Readonly<Record<string, string>> {
  if (context.method !== 'publickey') return {};
  const type = context.key.algo.slice(0, LONGEST_NAME);
  const key = fingerprintOf(offer?.key ?? context.key.data);
  if (!offer?.certificate) return { type, key };
  const { id, serial, authority } = offer.certificate;
  const certificate = `${id.slice(0, LONGEST_NAME)}, serial ${serial}`;
  return { type, key, certificate, authority: fingerprintOf(authority) };
}
