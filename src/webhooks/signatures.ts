import { createHmac, sign } from 'node:crypto';
import { hmacKey, kindOf, signingKey } from './secret.ts';

/** What a signature covers: the event's id, the second of the attempt, and the exact bytes that are sent. */
export type Signed = {
  readonly id: string;
  readonly type: string;
  readonly seconds: number;
  readonly body: string;
};

/**
 * Both families of headers, signed with each of `secrets`, the newest first. Standard Webhooks: `v1,` HMAC-SHA256 of
 * `id.timestamp.body`, keyed with the bytes that `whsec_…` encodes, or `v1a,` Ed25519 of the same. `X-KASKO-Signature`, for
 * receivers that know the platform: HMAC-SHA1 of the body, keyed with the whole secret as text. It can hold only one:
 * the oldest that is valid, so that such a receiver need not change at the moment of a rotation.
 */
export function signedHeaders(signed: Signed, secrets: readonly string[]): Record<string, string> {
  const { id, type, seconds, body } = signed;
  const oldest = secrets.findLast((secret) => kindOf(secret) === 'hmac') ?? '';
  const sha1 = createHmac('sha1', oldest).update(body).digest('hex');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': secrets.map((secret) => signatureWith(secret, signed)).join(' '),
    'X-KASKO-Event': type,
    'X-KASKO-Delivery': id,
    'X-KASKO-Signature': `sha1=${sha1}`,
  };
}

function signatureWith(secret: string, { id, seconds, body }: Signed): string {
  const content = `${id}.${seconds}.${body}`;
  return kindOf(secret) === 'hmac'
    ? `v1,${createHmac('sha256', hmacKey(secret)).update(content).digest('base64')}`
    : `v1a,${sign(null, Buffer.from(content), signingKey(secret)).toString('base64')}`;
}
