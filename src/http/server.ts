// One door for all that speaks HTTP: health, the partner API, later the operator's and the console.
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { type DocumentLinks, type Links, linksFrom } from '../domain/links.ts';
import type { Log } from '../domain/log.ts';
import { type DocumentDeps, documentRoutes } from './documents/routes.ts';
import type { Checks } from './health/checks.ts';
import { healthRoutes } from './health/routes.ts';
import type { WebhookFigures } from './health/webhook-metrics.ts';
import { HTTP_LIMITS } from './limits.ts';
import { describeApi } from './openapi/document.ts';
import { partnerApi } from './partner/api.ts';
import type { PartnerDeps } from './partner/deps.ts';
import { addComponents } from './partner/described.ts';
import { problem } from './problem.ts';
import { answerUnreadable } from './unreadable.ts';

type Options = {
  readonly host: string;
  readonly port: number;
  /** Networks whose `X-Forwarded-For` is believed. */
  readonly proxies: readonly string[];
  /** How partners reach this server, where that is not host and port. */
  readonly publicUrl: string | undefined;
  readonly checks: Checks;
  readonly webhooks: () => Promise<WebhookFigures>;
  readonly documents: { readonly links: DocumentLinks; readonly printer: DocumentDeps['printer'] };
  readonly partner: Omit<PartnerDeps, 'log' | 'links'>;
  readonly log: Log;
};

export type HttpServer = {
  readonly port: number;
  /** How links to this server begin. */
  readonly publicUrl: string;
  readonly links: Links;
  close(): Promise<void>;
};

const LOOK_EVERY = 2_000; // ms between looks for requests that take too long; Node's own 30 s would triple the limit

/** For whatever is answered, unless its route says otherwise: nothing of ours is a page, or to be kept by anyone between. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Listens; a taken port is an error that says which setting to change. */
export async function startHttp(options: Options): Promise<HttpServer> {
  const { host, port, checks, webhooks, documents, partner, log } = options;
  const app = limitedServer(options.proxies);
  const portOf = () => (app.server.address() as { port: number }).port;
  const publicUrl = () => options.publicUrl ?? `http://${host}:${portOf()}`;
  const links = () => linksFrom(publicUrl(), documents.links, partner.clock);
  answerFailures(app, log);
  describeApi(app);
  addComponents(app);
  app.register(healthRoutes, { checks, webhooks, log });
  app.register(partnerApi, { ...partner, links, log });
  app.register(documentRoutes, { ...documents, documentKey: documents.links.key, ...partner });
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`Port ${port} is taken. Choose another for HTTP with --http-port.`, { cause });
  }
  return { port: portOf(), publicUrl: publicUrl(), links: links(), close: () => app.close() };
}

function limitedServer(proxies: readonly string[]): FastifyInstance {
  const app = Fastify({
    trustProxy: [...proxies],
    bodyLimit: HTTP_LIMITS.body_bytes,
    requestTimeout: HTTP_LIMITS.request_time,
    connectionTimeout: HTTP_LIMITS.idle_time,
    keepAliveTimeout: HTTP_LIMITS.idle_time,
    http: {
      maxHeaderSize: HTTP_LIMITS.header_bytes,
      headersTimeout: HTTP_LIMITS.header_time,
      connectionsCheckingInterval: LOOK_EVERY,
    },
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: true,
    clientErrorHandler: answerUnreadable,
    frameworkErrors: (error, request, reply) =>
      void problem(headed(reply, request.id), error.statusCode ?? 400, error.message), // before there is a route
  });
  app.server.maxConnections = HTTP_LIMITS.connections;
  app.addHook('onRequest', async (request, reply) => void headed(reply, request.id));
  return app;
}

function headed(reply: FastifyReply, id: string): FastifyReply {
  return reply.headers({ ...HEADERS, 'x-request-id': id });
}

function answerFailures(app: FastifyInstance, log: Log): void {
  app.setNotFoundHandler((request, reply) =>
    problem(reply, 404, `there is nothing at ${request.method} ${request.url}`),
  );
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const { statusCode = 500, message } = error;
    if (statusCode < 500) return problem(reply, statusCode, message);
    log.error('an HTTP request failed', { request: request.id, error: String(error) });
    return problem(reply, 500, `the server could not answer; it has logged why under ${request.id}`);
  });
}
