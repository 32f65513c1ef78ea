import type { WebhookFigures } from '../http/health/webhook-metrics.ts';
import type { DeliveryStore } from '../store/delivery-store.ts';
import type { Tally } from '../webhooks/sender.ts';

/** What the metrics say of webhooks at `now`. */
export async function webhookFigures(
  store: Pick<DeliveryStore, 'deliveryBacklog'>,
  attempts: Tally,
  now: number,
): Promise<WebhookFigures> {
  const { events, oldest = now, failing, disabled } = await store.deliveryBacklog();
  const waiting = { events, oldest_age: Math.max(0, now - oldest) / 1000 };
  return { attempts: { ...attempts }, waiting, endpoints: { failing, disabled } };
}
