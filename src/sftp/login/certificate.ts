import type { Account, SshKey } from '../../domain/account.ts';
import { type Certificate, optionValue } from '../../domain/certificate.ts';
import { isWithin, networkOf } from '../../domain/network.ts';
import { fingerprintOf, problemWithKey } from '../../domain/public-key.ts';
import { type Access, isRevoked, limitOn, type Origin, sameBytes } from './access.ts';
import { isSignedBy, parseSignature } from './signature.ts';

const LONGEST_TEXT = 200; // characters of what a certificate says, in the log
const LAST_INSTANT = 8_640_000_000_000n; // seconds: what a Date can be

/**
 * Why a certificate does not let its key in as this account, from there and now: what the log says. Undefined when
 * it does. The rules are those of OpenSSH's PROTOCOL.certkeys and of `cert-authority` in sshd(8).
 */
export function problemWithCertificate(
  certificate: Certificate,
  access: Access,
  origin: Origin,
): string | undefined {
  const { account, keys } = access;
  const authority = keys.find(({ principals, blob }) => principals && sameBytes(blob, certificate.authority));
  if (!authority) return unknownAuthority(certificate, account);
  return (
    signatureProblem(certificate) ??
    kindProblem(certificate, account) ??
    revocationProblem(certificate, access) ??
    limitOn(authority, account.name, origin) ??
    principalProblem(certificate, authority) ??
    validityProblem(certificate, origin.now) ??
    optionProblem(certificate, origin.source) ??
    problemWithKey(certificate.type, certificate.key)
  );
}

function unknownAuthority({ authority }: Certificate, { name }: Account): string {
  const advice = `policydrop key add ${name} CA.pub --ca makes it one`;
  return `the certificate is signed by ${fingerprintOf(authority)}, which is no authority of the account; ${advice}`;
}

function signatureProblem({ authority, signature, signed }: Certificate): string | undefined {
  const parsed = parseSignature(signature);
  if (parsed?.algorithm === 'ssh-rsa') {
    return 'the certificate is signed with SHA-1; issue it with ssh-keygen -t rsa-sha2-512 -s CA …';
  }
  if (parsed && isSignedBy(authority, parsed, signed)) return undefined;
  return 'the certificate is forged or damaged: its authority has not signed what it says';
}

function kindProblem({ forUsers }: Certificate, { name }: Account): string | undefined {
  if (forUsers) return undefined;
  return `it is no certificate for users; issue one with ssh-keygen -s CA -I ID -n ${name} FILE.pub, without -h`;
}

function revocationProblem(certificate: Certificate, { revocations }: Access): string | undefined {
  const { key, authority, serial } = certificate;
  if (isRevoked(revocations, fingerprintOf(key)))
    return 'the certified key is revoked; the client needs a new one';
  if (isRevoked(revocations, fingerprintOf(authority))) return "the authority's key is revoked";
  if (!isRevoked(revocations, `serial ${serial}`)) return undefined;
  return `the serial ${serial} is revoked; the client needs a new certificate`;
}

function principalProblem({ principals }: Certificate, authority: SshKey): string | undefined {
  const wanted = authority.principals ?? [];
  if (principals.some((one) => wanted.includes(one))) return undefined;
  const named = principals.length === 0 ? 'nobody' : principals.join(', ').slice(0, LONGEST_TEXT);
  return `the certificate is for ${named}, and ${wanted.join(' or ')} is wanted; issue it with -n ${wanted[0]}`;
}

function validityProblem({ validAfter, validBefore }: Certificate, now: number): string | undefined {
  const seconds = BigInt(Math.floor(now / 1000));
  if (seconds < validAfter) return `the certificate is not valid before ${instant(validAfter)}`;
  if (seconds >= validBefore)
    return `the certificate has expired at ${instant(validBefore)}; issue a new one`;
  return undefined;
}

function optionProblem({ criticalOptions }: Certificate, source: string): string | undefined {
  for (const [name, data] of criticalOptions) {
    if (name !== 'source-address') {
      const shown = name.slice(0, LONGEST_TEXT);
      return `the certificate has the critical option ${shown}, which is not obeyed here; issue one without it`;
    }
    const value = optionValue(data) ?? 'no address';
    if (!isFrom(source, value)) {
      return `the certificate is for ${value.slice(0, LONGEST_TEXT)} only; issue it with another -O source-address`;
    }
  }
  return undefined;
}

function isFrom(source: string, list: string): boolean {
  const networks = list.split(',').map(networkOf);
  const known = networks.filter((one) => one !== undefined);
  return known.length === networks.length && isWithin(source, known);
}

function instant(seconds: bigint): string {
  return seconds > LAST_INSTANT ? `second ${seconds}` : new Date(Number(seconds) * 1000).toISOString();
}
