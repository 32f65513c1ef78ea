// For whoever runs the server: does it live, is it ready, how does it fare.
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Log } from '../../domain/log.ts';
import { problem } from '../problem.ts';
import { type Checks, failingChecks } from './checks.ts';
import { type WebhookFigures, webhookMetrics } from './webhook-metrics.ts';

const LAG_PRECISION = 5; // ms between samples of the event loop's delay

export type HealthDeps = {
  readonly checks: Checks;
  readonly webhooks: () => Promise<WebhookFigures>;
  readonly log: Log;
};

/** `GET /healthz`, `/readyz` and, for Prometheus, `/metrics`; without a login. */
export async function healthRoutes(
  app: FastifyInstance,
  { checks, webhooks, log }: HealthDeps,
): Promise<void> {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics, eventLoopMonitoringPrecision: LAG_PRECISION });
  const showWebhooks = webhookMetrics(metrics);

  app.get('/healthz', async () => ({ status: 'ok' }));
  app.get('/readyz', async (_request, reply) => {
    const failing = await failingChecks(checks, log);
    return failing.length === 0
      ? { status: 'ready' }
      : problem(reply, 503, `not ready: ${failing.join(', ')}`);
  });
  app.get('/metrics', async (_request, reply) => {
    await webhooks().then(showWebhooks, (error) =>
      log.warn('no metrics of webhooks', { error: String(error) }),
    );
    return reply.type(metrics.contentType).send(await metrics.metrics());
  });
}
