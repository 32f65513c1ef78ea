import { Counter, Gauge, type Registry } from 'prom-client';

/** How attempts have ended since the start, and what waits at endpoints that are neither disabled nor paused. */
export type WebhookFigures = {
  readonly attempts: { readonly delivered: number; readonly failed: number; readonly given_up: number };
  readonly waiting: { readonly events: number; readonly oldest_age: number }; // seconds
  readonly endpoints: { readonly failing: number; readonly disabled: number };
};

/** Makes the metrics; what it returns sets them. */
export function webhookMetrics(register: Registry): (figures: WebhookFigures) => void {
  const registers = [register];
  const attempts = new Counter({
    name: 'policydrop_webhook_attempts_total',
    help: 'Attempts to deliver a webhook, by what came of them.',
    labelNames: ['outcome'],
    registers,
  });
  const waiting = new Gauge({
    name: 'policydrop_webhook_events_waiting',
    help: 'Events that wait to be delivered, or delivered again, to endpoints that are neither disabled nor paused.',
    registers,
  });
  const oldest = new Gauge({
    name: 'policydrop_webhook_oldest_event_seconds',
    help: 'How long the oldest of them has been waiting.',
    registers,
  });
  const endpoints = new Gauge({
    name: 'policydrop_webhook_endpoints',
    help: 'Endpoints whose last attempts have failed, and those that are disabled.',
    labelNames: ['state'],
    registers,
  });
  return (figures) => {
    attempts.reset();
    for (const [outcome, count] of Object.entries(figures.attempts)) attempts.inc({ outcome }, count);
    waiting.set(figures.waiting.events);
    oldest.set(figures.waiting.oldest_age);
    for (const [state, count] of Object.entries(figures.endpoints)) endpoints.set({ state }, count);
  };
}
