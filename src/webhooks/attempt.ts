import { type Dispatcher, request } from 'undici';
import type { Delivery, DeliveryOutcome } from '../store/store.ts';
import { bodyOf } from './bodies.ts';
import { ForbiddenAddress } from './connector.ts';
import { type Hint, nextAttempt } from './schedule.ts';
import { signedHeaders } from './signatures.ts';

export const TOTAL_TIMEOUT = 15_000; // ms for one attempt, connecting and reading included
const MAX_RESPONSE = 16 * 1024; // bytes that are read before the connection is dropped

export type AttemptDeps = {
  readonly dispatcher: Dispatcher;
  readonly publicUrl: string;
  readonly clock: () => number;
  readonly random: () => number;
  readonly timeout: number;
};

type Answer = { readonly status: number; readonly retryAfter: number | undefined };

/** Sends one delivery once; never throws. Only 2xx is a success, redirects are not followed. */
export async function attempt(delivery: Delivery, deps: AttemptDeps): Promise<DeliveryOutcome> {
  const { id, attempt: count } = delivery;
  try {
    const { status, retryAfter } = await post(delivery, deps);
    const now = deps.clock();
    if (status >= 200 && status < 300)
      return { id, attempt: count, status, problem: undefined, retry_at: undefined, now };
    const hint: Hint = { overloaded: status === 429 || status === 503, retryAfter };
    const retry_at = nextAttempt(count, hint, now, deps.random);
    return { id, attempt: count, status, problem: `the receiver answered ${status}`, retry_at, now };
  } catch (error) {
    const now = deps.clock();
    const hint: Hint = { overloaded: isTimeout(error), retryAfter: undefined };
    const retry_at = nextAttempt(count, hint, now, deps.random);
    return { id, attempt: count, status: undefined, problem: problemOf(error, deps.timeout), retry_at, now };
  }
}

async function post({ endpoint, event }: Delivery, deps: AttemptDeps): Promise<Answer> {
  const body = bodyOf(event, deps.publicUrl);
  const seconds = Math.floor(deps.clock() / 1000);
  const response = await request(endpoint.url, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'policydrop',
      ...signedHeaders({ id: event.id, type: event.type, seconds, body }, endpoint.secret),
    },
    dispatcher: deps.dispatcher,
    signal: AbortSignal.timeout(deps.timeout),
  });
  await drain(response.body);
  return { status: response.statusCode, retryAfter: retryAfterOf(response.headers['retry-after']) };
}

/** Reads what little a receiver may say, so that the connection can be used again; more than that drops it. */
async function drain(body: Dispatcher.ResponseData['body']): Promise<void> {
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MAX_RESPONSE) return; // leaving the loop destroys the stream
  }
}

/** `Retry-After` in seconds (RFC 9110); dates are not honoured. */
function retryAfterOf(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d{1,7}$/.test(header) ? Number(header) * 1000 : undefined;
}

function isTimeout(error: unknown): boolean {
  const name = (error as Error).name;
  return name === 'TimeoutError' || name === 'ConnectTimeoutError' || name === 'HeadersTimeoutError';
}

/** For the partner too: says what failed, and nothing about our network. */
function problemOf(error: unknown, timeout: number): string {
  if (error instanceof ForbiddenAddress) return 'the address is private or reserved, and not allowed';
  if (isTimeout(error)) return `no answer within ${timeout / 1000} s`;
  const code = (error as NodeJS.ErrnoException).code ?? '';
  if (code === 'ECONNREFUSED') return 'the connection was refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'the name could not be resolved';
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return 'the connection was closed before an answer';
  return /CERT|TLS|SSL/.test(code) ? `TLS failed: ${code}` : 'the request failed';
}
