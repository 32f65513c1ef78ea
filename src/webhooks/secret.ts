// The two kinds of secrets of Standard Webhooks, in its forms. https://www.standardwebhooks.com
import {
  createPrivateKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import type { SecretKind } from '../domain/endpoint.ts';

const PREFIX = { hmac: 'whsec_', ed25519: 'whsk_' } as const satisfies Record<SecretKind, string>;
const PUBLIC_PREFIX = 'whpk_';
const HALF = 32; // bytes of an Ed25519 seed, and of a public key (RFC 8032)

/** `whsec_` + base64 of 32 random bytes, or `whsk_` + base64 of a new Ed25519 key: its seed and its public key. */
export function newSecret(kind: SecretKind): string {
  return PREFIX[kind] + (kind === 'hmac' ? randomBytes(32) : newKeyPair()).toString('base64');
}

export function kindOf(secret: string): SecretKind {
  return secret.startsWith(PREFIX.ed25519) ? 'ed25519' : 'hmac';
}

/** What a `whsec_` secret encodes. */
export function hmacKey(secret: string): KeyObject {
  return createSecretKey(bytesOf(secret, 'hmac')); // given the bytes, createHmac takes three times as long
}

/** The private key of a `whsk_` secret. */
export function signingKey(secret: string): KeyObject {
  const bytes = bytesOf(secret, 'ed25519');
  const d = bytes.subarray(0, HALF).toString('base64url');
  const x = bytes.subarray(HALF).toString('base64url');
  return createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d, x } });
}

/** What a receiver verifies with, as `whpk_` + base64: it is no secret. */
export function publicKeyOf(secret: string): string {
  return PUBLIC_PREFIX + bytesOf(secret, 'ed25519').subarray(HALF).toString('base64');
}

/** A public key in the form that createPublicKey takes. */
export function publicKeyIn(text: string) {
  const x = Buffer.from(text.slice(PUBLIC_PREFIX.length), 'base64').toString('base64url');
  return { kty: 'OKP', crv: 'Ed25519', x };
}

/** Whether a text has the form of an HMAC secret: 24 to 64 bytes, as Standard Webhooks allows. */
export function isSecret(text: string): boolean {
  return /^whsec_[A-Za-z0-9+/]{32,86}={0,2}$/.test(text);
}

export function isPublicKey(text: string): boolean {
  return /^whpk_[A-Za-z0-9+/]{43}=$/.test(text);
}

function bytesOf(secret: string, kind: SecretKind): Buffer {
  return Buffer.from(secret.slice(PREFIX[kind].length), 'base64');
}

function newKeyPair(): Buffer {
  const { d = '', x = '' } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
}
