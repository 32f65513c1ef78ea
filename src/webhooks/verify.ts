// Whether a delivery is genuine, and of what is wrong with one that is not: for receivers that are built against us.
import { createHmac, createPublicKey, timingSafeEqual, verify } from 'node:crypto';
import { hmacKey, isPublicKey, publicKeyIn } from './secret.ts';

const TOLERANCE = 300; // seconds that the two clocks may differ, as the libraries of Standard Webhooks have it
const STANDARD = 'webhook-signature';

/** Header names in lower case, as node:http has them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What was found of one header. Without a secret there is nothing to verify with: `unknown`. */
export type Check = {
  readonly header: string;
  readonly result: 'verified' | 'wrong' | 'unknown';
  readonly detail: string;
};

/** Each signature of a delivery by itself; `secrets` are those that the receiver knows (`whsec_…`, `whpk_…`), `now` in ms. */
export function checksOf(
  { headers, body }: { headers: Headers; body: Buffer },
  secrets: readonly string[],
  now: number,
): readonly Check[] {
  const text = (name: string) => String(headers[name] ?? '');
  const timestamp = text('webhook-timestamp');
  const content = Buffer.concat([Buffer.from(`${text('webhook-id')}.${timestamp}.`), body]);
  return [
    standardCheck(text('webhook-signature'), content, secrets),
    timeCheck(timestamp, now),
    kaskoCheck(
      text('x-kasko-signature'),
      body,
      secrets.filter((secret) => !isPublicKey(secret)),
    ),
  ];
}

/** What a receiver may believe: nothing is wrong, and the signature that covers the time is verified. */
export function isGenuine(checks: readonly Check[]): boolean {
  const isSigned = checks.some(({ header, result }) => header === STANDARD && result === 'verified');
  return isSigned && checks.every(({ result }) => result !== 'wrong');
}

function standardCheck(value: string, content: Buffer, secrets: readonly string[]): Check {
  const header = STANDARD;
  if (value === '') return wrong(header, 'is missing');
  if (secrets.length === 0) return unknown(header);
  const signatures = value.split(' ');
  const by = secrets.find((secret) => signatures.some((signature) => isSignedBy(secret, signature, content)));
  if (by === undefined) {
    const of =
      signatures.length === 1 ? 'its signature is' : `none of its ${signatures.length} signatures is`;
    return wrong(header, `${of} of ${secrets.length === 1 ? 'this secret' : 'these secrets'} and this body`);
  }
  const how = isPublicKey(by) ? 'v1a, Ed25519' : 'v1, HMAC-SHA256';
  return { header, result: 'verified', detail: `${how} of id.timestamp.body` };
}

function isSignedBy(secret: string, signature: string, content: Buffer): boolean {
  if (!isPublicKey(secret))
    return isEqual(signature, `v1,${createHmac('sha256', hmacKey(secret)).update(content).digest('base64')}`);
  const [version, encoded = ''] = signature.split(',');
  const key = createPublicKey({ format: 'jwk', key: publicKeyIn(secret) });
  return version === 'v1a' && verify(null, content, key, Buffer.from(encoded, 'base64'));
}

function timeCheck(timestamp: string, now: number): Check {
  const header = 'webhook-timestamp';
  if (!/^\d{1,12}$/.test(timestamp)) return wrong(header, 'is no number of seconds since 1970');
  const age = Math.round(now / 1000) - Number(timestamp);
  const detail = age >= 0 ? `${age} s ago` : `${-age} s ahead of this clock`;
  if (Math.abs(age) <= TOLERANCE) return { header, result: 'verified', detail };
  return wrong(
    header,
    `${detail}, more than ${TOLERANCE / 60} minutes: sent again by a stranger, or a clock is wrong`,
  );
}

function kaskoCheck(value: string, body: Buffer, secrets: readonly string[]): Check {
  const header = 'X-KASKO-Signature';
  if (value === '') return wrong(header, 'is missing');
  if (secrets.length === 0) return unknown(header);
  const isGood = secrets.some((secret) =>
    isEqual(value, `sha1=${createHmac('sha1', secret).update(body).digest('hex')}`),
  );
  if (isGood) return { header, result: 'verified', detail: 'HMAC-SHA1 of the body' };
  return wrong(
    header,
    `it is not of ${secrets.length === 1 ? 'this secret' : 'these secrets'} and this body`,
  );
}

function wrong(header: string, detail: string): Check {
  return { header, result: 'wrong', detail };
}

function unknown(header: string): Check {
  return { header, result: 'unknown', detail: 'not verified: no secret to do it with' };
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
