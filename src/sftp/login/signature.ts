import { createPublicKey, type JsonWebKey, type KeyObject, verify } from 'node:crypto';
import { stringsIn, unlessTruncated } from '../../domain/ssh-wire.ts';

/** A signature and how ECDSA's two numbers stand in it: as DER, or one after the other. */
export type Signature = {
  readonly algorithm: string;
  readonly value: Uint8Array;
  readonly dsaEncoding: 'der' | 'ieee-p1363';
};

type Algorithm = { readonly key: string; readonly hash: string | null; readonly number?: number };

/** What is taken (RFC 8709; RFC 5656; RFC 8332), with the bytes of ECDSA's numbers: nothing with SHA-1. */
const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map([
  ['ssh-ed25519', { key: 'ssh-ed25519', hash: null }],
  ['ecdsa-sha2-nistp256', { key: 'ecdsa-sha2-nistp256', hash: 'sha256', number: 32 }],
  ['ecdsa-sha2-nistp384', { key: 'ecdsa-sha2-nistp384', hash: 'sha384', number: 48 }],
  ['ecdsa-sha2-nistp521', { key: 'ecdsa-sha2-nistp521', hash: 'sha512', number: 66 }],
  ['rsa-sha2-256', { key: 'ssh-rsa', hash: 'sha256' }],
  ['rsa-sha2-512', { key: 'ssh-rsa', hash: 'sha512' }],
]);

const CURVES: Readonly<Record<string, string>> = { nistp256: 'P-256', nistp384: 'P-384', nistp521: 'P-521' };

/** Whether the holder of a key (RFC 4253 wire form) has signed the data. Nonsense is no signature and never throws. */
export function isSignedBy(key: Uint8Array, signature: Signature, data: Uint8Array): boolean {
  const { algorithm: name, value, dsaEncoding } = signature;
  const algorithm = ALGORITHMS.get(name);
  const [type, ...fields] = unlessTruncated(() => stringsIn(key)) ?? [];
  if (!algorithm || type?.toString() !== algorithm.key) return false;
  try {
    return verify(algorithm.hash, data, { key: publicKeyOf(algorithm.key, fields), dsaEncoding }, value);
  } catch {
    return false; // a point that is not on the curve, for instance
  }
}

/** A signature in its wire form (RFC 4253, 6.6), which names its algorithm; undefined when it is damaged. */
export function parseSignature(blob: Uint8Array): Signature | undefined {
  const [name, signature, ...more] = unlessTruncated(() => stringsIn(blob)) ?? [];
  if (!name || !signature || more.length > 0) return undefined;
  const algorithm = name.toString();
  const bytes = ALGORITHMS.get(algorithm)?.number;
  const value = bytes === undefined ? signature : numbersOf(signature, bytes);
  return value && { algorithm, value, dsaEncoding: 'ieee-p1363' };
}

/** ECDSA's r and s (RFC 5656, 3.1.2), each brought to its full length. */
function numbersOf(signature: Buffer, bytes: number): Buffer | undefined {
  const numbers = unlessTruncated(() => stringsIn(signature)) ?? [];
  if (numbers.length !== 2) return undefined;
  const whole = Buffer.alloc(2 * bytes);
  for (const [i, number] of numbers.entries()) {
    const plain = number[0] === 0 ? number.subarray(1) : number;
    if (plain.length > bytes || (number[0] ?? 0) >= 0x80) return undefined; // too long, or negative
    plain.copy(whole, (i + 1) * bytes - plain.length);
  }
  return whole;
}

function publicKeyOf(type: string, fields: readonly Buffer[]): KeyObject {
  return createPublicKey({ key: jsonWebKeyOf(type, fields), format: 'jwk' });
}

function jsonWebKeyOf(
  type: string,
  [first = Buffer.of(), second = Buffer.of()]: readonly Buffer[],
): JsonWebKey {
  if (type === 'ssh-ed25519') return { kty: 'OKP', crv: 'Ed25519', x: first.toString('base64url') };
  if (type === 'ssh-rsa')
    return { kty: 'RSA', e: first.toString('base64url'), n: second.toString('base64url') };
  const middle = (second.length + 1) / 2; // after the byte 4: an uncompressed point
  const [x, y] = [second.subarray(1, middle), second.subarray(middle)].map((one) =>
    one.toString('base64url'),
  );
  return { kty: 'EC', crv: CURVES[first.toString()] ?? '', x: x ?? '', y: y ?? '' };
}
