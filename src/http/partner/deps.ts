import type { Event } from '../../domain/event.ts';
import type { Log } from '../../domain/log.ts';
import type { EventStore } from '../../store/event-store.ts';
import type { PolicyStore } from '../../store/policy-store.ts';
import type { Authenticate } from '../authentication/api-key.ts';

/** What the partner API needs. */
export type PartnerDeps = {
  readonly store: Pick<PolicyStore, 'policy'> & EventStore;
  readonly authenticate: Authenticate;
  /** How links to this server begin. */
  readonly publicUrl: () => string;
  /** What a webhook sends of an event; `publicUrl` begins the links. */
  readonly payloadOf: (event: Event, publicUrl: string) => object;
  readonly clock: () => number;
  readonly log: Log;
};
