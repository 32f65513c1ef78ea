// The partner API: what the import does for a row, in calls. Each of its folders' routes has its media type; errors are worded in refuse.ts.
import type { FastifyError, FastifyInstance } from 'fastify';
import type { Log } from '../../domain/log.ts';
import { callerIfKnown, haveCallers } from './caller.ts';
import type { PartnerDeps } from './deps.ts';
import { schemasAreDocumentation } from './described.ts';
import { eventRoutes } from './events.ts';
import { paymentRoutes } from './payments.ts';
import { policyRoutes } from './policies.ts';
import { quoteRoutes } from './quotes.ts';
import { refuse } from './refuse.ts';

export async function partnerApi(app: FastifyInstance, deps: PartnerDeps): Promise<void> {
  haveCallers(app);
  schemasAreDocumentation(app);
  logCalls(app, deps.log);
  answerFailures(app, deps.log);
  app.register(quoteRoutes, deps);
  app.register(policyRoutes, deps);
  app.register(paymentRoutes, deps);
  app.register(eventRoutes, deps);
}

/** Who did what, and with which key: neither what was sent nor what was answered. */
function logCalls(app: FastifyInstance, log: Log): void {
  app.addHook('onResponse', async (request, { statusCode: status }) => {
    const { account, mode, key } = callerIfKnown(request) ?? {};
    const what = { method: request.method, route: request.routeOptions.url, status };
    log.info('partner API', { request: request.id, account: account?.name, mode, key, ...what });
  });
}

function answerFailures(app: FastifyInstance, log: Log): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { statusCode = 500, message } = error;
    if (statusCode < 500) return refuse(reply, statusCode, message);
    log.error('an HTTP request failed', { request: request.id, error: String(error) });
    return refuse(reply, 500, `The server could not answer; it has logged why under ${request.id}.`);
  });
}
