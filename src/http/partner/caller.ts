import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate, Authenticated, Caller } from '../authentication/api-key.ts';
import { credentialIn } from '../authentication/credential.ts';
import { refuse } from './refuse.ts';

const CALLER = 'caller';
const CHALLENGES = ['Basic realm="policydrop", charset="UTF-8"', 'Bearer realm="policydrop"']; // RFC 9110, 11.6.1

/** Every request of `app` is authenticated by its `Authorization` header before anything else is looked at. */
export function authenticateAll(app: FastifyInstance, authenticate: Authenticate): void {
  app.decorateRequest(CALLER);
  app.addHook('onRequest', async (request, reply) => {
    const who = await authenticate(credentialIn(request.headers.authorization), request.ip);
    if (!who.ok) return refuseCaller(reply, who);
    request.setDecorator(CALLER, who.value);
  });
}

/** Who makes this request. */
export function callerOf(request: FastifyRequest): Caller {
  return request.getDecorator<Caller>(CALLER);
}

function refuseCaller(reply: FastifyReply, refusal: Exclude<Authenticated, { ok: true }>): FastifyReply {
  switch (refusal.code) {
    case 'no_key':
    case 'wrong_key':
      return refuse(reply.header('www-authenticate', CHALLENGES), 401, refusal.message);
    case 'not_allowed':
      return refuse(reply, 403, refusal.message);
    case 'too_many_failures':
      return refuse(reply.header('retry-after', refusal.retryAfter), 429, refusal.message);
  }
}
