import type { Event } from '../domain/event.ts';
import type { Links } from '../domain/links.ts';
import type { Delivery } from '../store/delivery-store.ts';
import { bodyOf, contentOf } from './bodies.ts';

/** What is sent and signed; `id` is the same in every attempt. */
export type Message = { readonly id: string; readonly type: string; readonly body: string };

/** An event as it is, or several as a batch, whose id is that of the delivery. */
export function messageOf({ id, events }: Pick<Delivery, 'id' | 'events'>, links: Links): Message {
  const [first, ...others] = events;
  if (!first) throw new Error(`${id} has no event`);
  if (others.length === 0) return { id: first.id, type: first.type, body: bodyOf(first, links) };
  const livemode = first.mode === 'live';
  const batch = { id, type: 'batch', livemode, events: events.map((event) => member(event, links)) };
  return { id, type: batch.type, body: JSON.stringify(batch) };
}

/** Named as in Standard Webhooks; `data` is what would be sent if the event came by itself. */
function member(event: Event, links: Links) {
  const { id, type, created_at } = event;
  return { id, type, timestamp: new Date(created_at).toISOString(), data: contentOf(event, links) };
}
