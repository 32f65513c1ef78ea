// Health and metrics for whoever runs the server; REST and the console come to the same door.
import Fastify, { type FastifyReply } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Log } from '../domain/log.ts';

const REQUEST_TIMEOUT = 30_000; // ms: no request here takes a second
const LAG_PRECISION = 5; // ms between samples of the event loop's delay

type Options = {
  readonly host: string;
  readonly port: number;
  /** What must be in order for the server to be ready, by name; a check that throws says that it is not. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
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
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const failing = await failingCheck(checks, log);
    return failing === undefined ? { status: 'ready' } : problem(reply, 503, `${failing} is not ready`);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
  app.setNotFoundHandler((request, reply) =>
    problem(reply, 404, `there is nothing at ${request.method} ${request.url}`),
  );
  app.setErrorHandler((error, request, reply) => {
    log.error('an HTTP request failed', { request: request.id, error: String(error) });
    return problem(reply, 500, `the server could not answer; it has logged why under ${request.id}`);
  });

  try {
    await app.listen({ host, port });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`Port ${port} is taken. Choose another for HTTP with --http-port.`, { cause });
  }
  return { port: (app.server.address() as { port: number }).port, close: () => app.close() };
}

async function failingCheck(checks: Options['checks'], log: Log): Promise<string | undefined> {
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check();
    } catch (error) {
      log.warn('not ready', { check: name, error: String(error) });
      return name;
    }
  }
  return undefined;
}

/** RFC 9457. */
function problem(reply: FastifyReply, status: number, title: string): FastifyReply {
  return reply.code(status).type('application/problem+json').send({ type: 'about:blank', status, title });
}
