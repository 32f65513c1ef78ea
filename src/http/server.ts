// Health and metrics for whoever runs the server; REST and the console come to the same door.
import { STATUS_CODES } from 'node:http';
import Fastify, { type FastifyError, type FastifyReply, type FastifyRequest } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Log } from '../domain/log.ts';
import { type Checks, failingChecks } from './checks.ts';

const REQUEST_TIMEOUT = 30_000; // ms for a request to come in whole
const LAG_PRECISION = 5; // ms between samples of the event loop's delay

type Options = {
  readonly host: string;
  readonly port: number;
  readonly checks: Checks;
  readonly log: Log;
};

export type HttpServer = { readonly port: number; close(): Promise<void> };

/** Listens; a taken port is an error that says which setting to change. */
export async function startHttp({ host, port, checks, log }: Options): Promise<HttpServer> {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: LAG_PRECISION });
  const app = Fastify({
    requestTimeout: REQUEST_TIMEOUT,
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: true,
    frameworkErrors: (error, request, reply) => void refuse(error, request, reply), // before there is a route
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const failing = await failingChecks(checks, log);
    return failing.length === 0
      ? { status: 'ready' }
      : problem(reply, 503, `not ready: ${failing.join(', ')}`);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
  app.setNotFoundHandler((request, reply) =>
    problem(reply, 404, `there is nothing at ${request.method} ${request.url}`),
  );
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if ((error.statusCode ?? 500) < 500) return refuse(error, request, reply);
    log.error('an HTTP request failed', { request: request.id, error: String(error) });
    return problem(reply, 500, `the server could not answer; it has logged why under ${request.id}`);
  });

  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`Port ${port} is taken. Choose another for HTTP with --http-port.`, { cause });
  }
  return { port: (app.server.address() as { port: number }).port, close: () => app.close() };
}

/** The request cannot be read: the client's fault, in fastify's words. */
function refuse(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return problem(reply.header('x-request-id', request.id), error.statusCode ?? 400, error.message);
}

/** RFC 9457. */
function problem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const title = STATUS_CODES[status];
  return reply
    .code(status)
    .type('application/problem+json')
    .send({ type: 'about:blank', title, status, detail });
}
