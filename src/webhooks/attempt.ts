import { type Dispatcher, request } from 'undici';
import type { Delivery, DeliveryOutcome } from '../store/delivery-store.ts';
import { bodyOf } from './bodies.ts';
import { ForbiddenAddress } from './connector.ts';
import { openSecrets } from './endpoints.ts';
import { type Hint, nextAttempt } from './schedule.ts';
import { signedHeaders } from './signatures.ts';
import { TimeIsOver, timeLimit } from './time-limit.ts';
import type { Vault } from './vault.ts';

export const TOTAL_TIMEOUT = 15_000; // ms for one attempt, resolving, connecting and reading included
const MAX_RESPONSE = 16 * 1024; // bytes that are read before the connection is dropped

export type AttemptDeps = {
  readonly dispatcher: Dispatcher;
  readonly vault: Vault;
  readonly publicUrl: string;
  readonly clock: () => number;
  readonly random: () => number;
  readonly timeout: number;
};

type Answer = {
  readonly status: number | undefined;
  readonly problem: string | undefined;
  readonly hint: Hint;
};

/** Sends one delivery once, within `timeout` ms; never throws. Only 2xx is a success, redirects are not followed. */
export async function attempt(delivery: Delivery, deps: AttemptDeps): Promise<DeliveryOutcome> {
  const { id, attempt: count } = delivery;
  const answer = await post(delivery, deps).catch((error) => unanswered(error, deps.timeout));
  const { status, problem, hint } = answer;
  const now = deps.clock();
  const retry_at = problem === undefined ? undefined : nextAttempt(count, hint, now, deps.random);
  return { id, attempt: count, status, problem, retry_at, now };
}

async function post({ endpoint, event }: Delivery, deps: AttemptDeps): Promise<Answer> {
  const body = bodyOf(event, deps.publicUrl);
  const now = deps.clock();
  const signed = { id: event.id, type: event.type, seconds: Math.floor(now / 1000), body };
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'policydrop',
    ...signedHeaders(signed, openSecrets(endpoint, deps.vault, now)),
  };
  const { dispatcher } = deps;
  const { signal, over, clear } = timeLimit(deps.timeout);
  try {
    const sending = request(endpoint.url, { method: 'POST', body, headers, dispatcher, signal });
    // undici hears the signal only once it is connected, which a slow name server can delay for ever.
    const response = await Promise.race([sending, over]);
    await drain(response.body);
    return answerOf(response, deps.clock());
  } finally {
    clear();
  }
}

function answerOf({ statusCode: status, headers }: Dispatcher.ResponseData, now: number): Answer {
  const problem = status >= 200 && status < 300 ? undefined : `it answered ${status}`;
  const overloaded = status === 429 || status === 503;
  return { status, problem, hint: { overloaded, retryAfter: retryAfterOf(headers['retry-after'], now) } };
}

/** Reads what little a receiver may say, so that the connection can be used again. The status counts, however it ends. */
async function drain(body: Dispatcher.ResponseData['body']): Promise<void> {
  let size = 0;
  try {
    for await (const part of body) {
      size += part.length;
      if (size > MAX_RESPONSE) return; // leaving the loop destroys the stream
    }
  } catch {
    // cut off by the receiver or by the time limit, after it has answered
  }
}

/** `Retry-After` in ms from now: seconds or a date (RFC 9110, 10.2.3). */
function retryAfterOf(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? undefined : ms;
}

function unanswered(error: Error, timeout: number): Answer {
  const hint = { overloaded: isTimeout(error), retryAfter: undefined };
  return { status: undefined, problem: problemOf(error, timeout), hint };
}

function isTimeout(error: Error): boolean {
  return error instanceof TimeIsOver || error.name === 'ConnectTimeoutError';
}

/** For the partner too: says what failed, and nothing about our network. */
function problemOf(error: Error, timeout: number): string {
  if (error instanceof ForbiddenAddress)
    return 'its address is private or reserved, and not in webhooks.allow';
  if (error.name === 'ConnectTimeoutError') return 'no connection in time';
  if (isTimeout(error)) return `no answer within ${timeout / 1000} s`;
  if (error.name === 'HTTPParserError') return 'its answer is not HTTP';
  const code = (error as NodeJS.ErrnoException).code ?? error.name;
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name could not be resolved';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection was closed before an answer';
  return /CERT|TLS|SSL|VERIFY/.test(code) ? `TLS failed: ${code}` : `the request failed: ${code}`;
}
