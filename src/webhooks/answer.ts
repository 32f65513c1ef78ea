import type { Received } from './post.ts';

/** What a receiver answered, as far as it matters. */
export type Answer = {
  readonly status: number;
  readonly problem: string | undefined;
  readonly response: string | undefined; // how the answer begins, when it tells of a failure
  readonly overloaded: boolean;
  readonly retryAfter: number | undefined; // ms
};

/** What an answer says. Only 2xx is a success. Of a failure its beginning is kept: enough to see what is wrong, little of whatever else stands there. */
export function answerIn({ status, headers, beginning }: Received, now: number): Answer {
  const isSuccess = status >= 200 && status < 300;
  return {
    status,
    problem: isSuccess ? undefined : `it answered ${status}`,
    response: isSuccess ? undefined : printable(beginning) || undefined,
    overloaded: status === 429 || status === 503,
    retryAfter: retryAfterOf(headers['retry-after'], now),
  };
}

/** Nothing that would move a terminal's cursor. */
function printable(bytes: Buffer): string {
  return bytes
    .toString('utf8')
    .replaceAll(/[\p{Cc}--[\n\t]]/gv, '�')
    .trim();
}

/** `Retry-After` in ms from now: seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : ms;
}
