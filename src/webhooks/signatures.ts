import { createHmac } from 'node:crypto';

/** What a signature covers: the event's id, the second of the attempt, and the exact bytes that are sent. */
export type Signed = {
  readonly id: string;
  readonly type: string;
  readonly seconds: number;
  readonly body: string;
};

/**
 * Both families of headers. Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`, keyed with the bytes that the secret
 * encodes after `whsec_`. `X-KASKO-Signature`, for receivers that know the platform: HMAC-SHA1 of the body, keyed
 * with the whole secret as text.
 */
export function signedHeaders({ id, type, seconds, body }: Signed, secret: string): Record<string, string> {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const v1 = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  const sha1 = createHmac('sha1', secret).update(body).digest('hex');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${v1}`,
    'X-KASKO-Event': type,
    'X-KASKO-Delivery': id,
    'X-KASKO-Signature': `sha1=${sha1}`,
  };
}
