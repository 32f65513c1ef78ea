import type { Dispatcher } from 'undici';

const MAX_RESPONSE = 16 * 1024; // bytes that are read before the connection is dropped
const KEPT_RESPONSE = 1024; // characters of a failure that are kept: enough to see what is wrong, little enough of whatever else stands there

/** What a receiver answered, as far as it matters. */
export type Answer = {
  readonly status: number;
  readonly problem: string | undefined;
  readonly response: string | undefined; // how the answer begins, when it tells of a failure
  readonly overloaded: boolean;
  readonly retryAfter: number | undefined; // ms
};

/** Reads an answer, little of its body. Only 2xx is a success; redirects are not followed. */
export async function readAnswer(response: Dispatcher.ResponseData, now: number): Promise<Answer> {
  const { statusCode: status, headers, body } = response;
  const isSuccess = status >= 200 && status < 300;
  const text = await beginningOf(body, isSuccess ? 0 : KEPT_RESPONSE);
  return {
    status,
    problem: isSuccess ? undefined : `it answered ${status}`,
    response: text === '' ? undefined : text,
    overloaded: status === 429 || status === 503,
    retryAfter: retryAfterOf(headers['retry-after'], now),
  };
}

/** Reads what little a receiver may say, so that the connection can be used again. The status counts, however it ends. */
async function beginningOf(body: Dispatcher.ResponseData['body'], length: number): Promise<string> {
  let size = 0;
  let kept = Buffer.alloc(0);
  try {
    for await (const part of body as AsyncIterable<Buffer>) {
      if (kept.length < length) kept = Buffer.concat([kept, part.subarray(0, length - kept.length)]);
      size += part.length;
      if (size > MAX_RESPONSE) break; // leaving the loop destroys the stream
    }
  } catch {
    // cut off by the receiver or by the time limit, after it has answered
  }
  return printable(kept);
}

/** Nothing that would move a terminal's cursor, or that a database could not keep. */
function printable(bytes: Buffer): string {
  return bytes
    .toString('utf8')
    .replaceAll(/[\p{Cc}--[\n\t]]/gv, '�')
    .trim();
}

/** `Retry-After` in ms from now: seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : ms;
}
