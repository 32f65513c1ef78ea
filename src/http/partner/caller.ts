import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Agent } from '../../domain/policy-change.ts';
import type { Authenticate, Authenticated, Caller } from '../authentication/api-key.ts';
import { credentialIn } from '../authentication/credential.ts';
import { membersOf } from './body-errors.ts';
import { refuse } from './refuse.ts';

const CALLER = 'caller';
const CHALLENGES = ['Basic realm="policydrop", charset="UTF-8"', 'Bearer realm="policydrop"']; // RFC 9110, 11.6.1

type Hook = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** Every request of `app` is authenticated by its `Authorization` header before anything else is looked at. */
export function authenticateByHeader(app: FastifyInstance, authenticate: Authenticate): void {
  app.addHook('onRequest', byHeader(authenticate));
}

/** The same where there is such a header; where there is none, `key` in the body is what authenticates. */
export function authenticateByHeaderOrBody(app: FastifyInstance, authenticate: Authenticate): void {
  const header = byHeader(authenticate);
  app.addHook('onRequest', async (request, reply) =>
    request.headers.authorization === undefined ? undefined : header(request, reply),
  );
  app.addHook('preHandler', async (request, reply) => {
    if (request.headers.authorization !== undefined) return undefined;
    const { key } = membersOf(request.body);
    return identify(request, reply, authenticate(typeof key === 'string' ? key : undefined, request.ip));
  });
}

/** Who makes this request; undefined when it was refused before that was known. */
export function callerIfKnown(request: FastifyRequest): Caller | undefined {
  return request.getDecorator<Caller | null>(CALLER) ?? undefined;
}

/** Who makes this request, in a handler. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

/** By whom a change is made, for the history: the key by its name, which is no secret. */
export function agentOf({ key }: Caller): Agent {
  return { kind: 'api_key', name: key };
}

/** Requests of `app` can be given a caller. */
export function haveCallers(app: FastifyInstance): void {
  app.decorateRequest(CALLER, null);
}

function byHeader(authenticate: Authenticate): Hook {
  return (request, reply) =>
    identify(request, reply, authenticate(credentialIn(request.headers.authorization), request.ip));
}

async function identify(request: FastifyRequest, reply: FastifyReply, asking: Promise<Authenticated>) {
  const who = await asking;
  if (!who.ok) return refuseCaller(reply, who);
  request.setDecorator(CALLER, who.value);
  return undefined;
}

function refuseCaller(reply: FastifyReply, refusal: Exclude<Authenticated, { ok: true }>): FastifyReply {
  switch (refusal.code) {
    case 'no_key':
    case 'wrong_key':
      return refuse(reply.header('www-authenticate', CHALLENGES), 401, refusal.message);
    case 'not_allowed':
      return refuse(reply, 403, refusal.message);
    case 'too_many':
      return refuse(reply.header('retry-after', refusal.retryAfter), 429, refusal.message);
  }
}
