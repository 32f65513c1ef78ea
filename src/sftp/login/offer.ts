import type { PublicKeyAuthContext } from 'ssh2';
import { CERTIFICATE_SUFFIX, type Certificate, parseCertificate } from '../../domain/certificate.ts';
import { isSignedBy, parseSignature, type Signature } from './signature.ts';

/** What a client offers to log in with: a key, by itself or in a certificate. */
export type Offer = {
  /** In RFC 4253 wire form, also that in a certificate. */
  readonly key: Uint8Array;
  /** Of the key: `ssh-rsa` for every RSA key. */
  readonly type: string;
  /** Of the signature: `rsa-sha2-512`; `ssh-rsa` would be SHA-1. */
  readonly algorithm: string;
  readonly certificate?: Certificate;
};

/** What a request offers; undefined when it is a certificate that cannot be read. */
export function offerOf({ key, hashAlgo }: PublicKeyAuthContext): Offer | undefined {
  if (!key.algo.endsWith(CERTIFICATE_SUFFIX)) {
    const algorithm = hashAlgo === undefined ? key.algo : `rsa-sha2-${hashAlgo.replace(/\D/g, '')}`;
    return { key: key.data, type: key.algo, algorithm };
  }
  const certificate = parseCertificate(key.data);
  const algorithm = key.algo.slice(0, -CERTIFICATE_SUFFIX.length);
  return certificate && { key: certificate.key, type: certificate.type, algorithm, certificate };
}

/** Whether the request is signed with the offered key, by the algorithm that it names. */
export function isSigned({ signature, blob }: PublicKeyAuthContext, offer: Offer): boolean {
  const parsed = signature && signatureOf(signature, offer);
  return parsed !== undefined && blob !== undefined && isSignedBy(offer.key, parsed, blob);
}

/** ssh2 takes the wrapping off a key's signature and brings ECDSA's to DER; a certificate's it leaves as it came. */
function signatureOf(value: Buffer, { algorithm, certificate }: Offer): Signature | undefined {
  if (!certificate) return { algorithm, value, dsaEncoding: 'der' };
  const signature = parseSignature(value);
  return signature?.algorithm === algorithm ? signature : undefined;
}
