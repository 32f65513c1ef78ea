import { randomBytes } from 'node:crypto';
import type { Endpoint } from '../domain/endpoint.ts';
import type { EventType } from '../domain/event.ts';
import type { DeliveryId, EventId } from '../domain/ids.ts';
import type { Links } from '../domain/links.ts';
import type { DeliveryOutcome } from '../store/delivery-store.ts';
import { addressFilter } from './addresses.ts';
import { attempt, TOTAL_TIMEOUT } from './attempt.ts';
import { guardedAgent, resolveName } from './connector.ts';
import { exampleEvent } from './example.ts';
import type { Vault } from './vault.ts';

type Deps = { readonly vault: Vault; readonly allow: readonly string[]; readonly links: Links };

/** Sends one example event at once, signed and guarded like every delivery; nothing of it is recorded or tried again. */
export async function sendExample(
  endpoint: Endpoint,
  type: EventType,
  { vault, allow, links }: Deps,
): Promise<DeliveryOutcome & { event: EventId }> {
  const id = `evt_example_${randomBytes(8).toString('hex')}` as EventId;
  const event = exampleEvent(type, endpoint, id, Date.now());
  const dispatcher = guardedAgent(addressFilter(allow), resolveName);
  const deps = { dispatcher, vault, links, clock: Date.now, random: Math.random, timeout: TOTAL_TIMEOUT };
  try {
    const delivery = { id: 'dlv_example' as DeliveryId, endpoint, events: [event], attempt: 1 };
    return { ...(await attempt(delivery, deps)), event: id };
  } finally {
    await dispatcher.destroy();
  }
}
