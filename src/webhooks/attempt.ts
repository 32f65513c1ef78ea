import type { Dispatcher } from 'undici';
import type { Links } from '../domain/links.ts';
import type { Delivery, DeliveryOutcome } from '../store/delivery-store.ts';
import { type Answer, answerIn } from './answer.ts';
import { openSecrets } from './endpoints.ts';
import { messageOf } from './message.ts';
import { post } from './post.ts';
import { isTimeout, problemOf } from './problem.ts';
import { nextAttempt } from './schedule.ts';
import { signedHeaders } from './signatures.ts';
import type { Vault } from './vault.ts';

export const TOTAL_TIMEOUT = 15_000; // ms for one attempt, resolving, connecting and reading included

export type AttemptDeps = {
  readonly dispatcher: Dispatcher;
  readonly vault: Vault;
  readonly links: Links;
  readonly clock: () => number;
  readonly random: () => number;
  readonly timeout: number;
};

type Tried = Omit<Answer, 'status'> & { readonly status: number | undefined };

/** Sends one delivery once, within `timeout` ms; never throws. Only 2xx is a success, redirects are not followed. */
export async function attempt(delivery: Delivery, deps: AttemptDeps): Promise<DeliveryOutcome> {
  const begun = deps.clock();
  const tried: Tried = await send(delivery, deps).catch((error) => unanswered(error, deps.timeout));
  const now = deps.clock();
  const { id, attempt: count } = delivery;
  const { status, problem, response, overloaded, retryAfter } = tried;
  const retry_at =
    problem === undefined ? undefined : nextAttempt(count, { overloaded, retryAfter }, now, deps.random);
  const pause = overloaded ? retryAfter : undefined;
  return { id, attempt: count, status, problem, response, retry_at, pause, ms: now - begun, now };
}

async function send(delivery: Delivery, deps: AttemptDeps): Promise<Answer> {
  const { endpoint } = delivery;
  const message = messageOf(delivery, deps.links);
  const now = deps.clock();
  const signed = { ...message, seconds: Math.floor(now / 1000) };
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'policydrop',
    ...signedHeaders(signed, openSecrets(endpoint, deps.vault, now)),
  };
  const { body } = message;
  const received = await post({ url: endpoint.url, headers, body }, deps.dispatcher, deps.timeout);
  return answerIn(received, deps.clock());
}

function unanswered(error: Error, timeout: number): Tried {
  const problem = problemOf(error, timeout);
  return {
    status: undefined,
    problem,
    response: undefined,
    overloaded: isTimeout(error),
    retryAfter: undefined,
  };
}
