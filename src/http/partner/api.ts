// The partner API: what the import does for a row, in calls. Its error bodies are its own (refuse.ts).
import type { FastifyError, FastifyInstance } from 'fastify';
import { authenticateAll, callerOf } from './caller.ts';
import type { PartnerDeps } from './deps.ts';
import { eventRoutes } from './events.ts';
import { policyRoutes } from './policies.ts';
import { refuse } from './refuse.ts';

export async function partnerApi(app: FastifyInstance, deps: PartnerDeps): Promise<void> {
  const { authenticate, log } = deps;
  authenticateAll(app, authenticate);
  app.addHook('onResponse', async (request, reply) => {
    if (reply.statusCode >= 400) return;
    const { account, mode, key } = callerOf(request);
    const what = { method: request.method, route: request.routeOptions.url, status: reply.statusCode };
    log.info('partner API', { request: request.id, account: account.name, mode, key, ...what });
  });
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { statusCode = 500, message } = error;
    if (statusCode < 500) return refuse(reply, statusCode, message);
    log.error('an HTTP request failed', { request: request.id, error: String(error) });
    return refuse(reply, 500, `The server could not answer; it has logged why under ${request.id}.`);
  });
  policyRoutes(app, deps);
  eventRoutes(app, deps);
}
