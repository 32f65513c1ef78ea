import { createHmac, timingSafeEqual } from 'node:crypto';

/** HMAC-SHA256 in base64url of a text that begins with what it is for. */
export function signatureOf(key: Uint8Array, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64url');
}

/** Whether a signature that was presented is the right one; how long it takes does not tell how much of it is. */
export function isSignature(presented: string, key: Uint8Array, text: string): boolean {
  const [given, right] = [Buffer.from(presented), Buffer.from(signatureOf(key, text))];
  return given.length === right.length && timingSafeEqual(given, right);
}
