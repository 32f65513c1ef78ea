import type { Event } from '../../domain/event.ts';
import type { Links } from '../../domain/links.ts';
import type { Log } from '../../domain/log.ts';
import type { EventStore } from '../../store/event-store.ts';
import type { PolicyStore } from '../../store/policy-store.ts';
import type { ProductStore } from '../../store/product-store.ts';
import type { Authenticate } from '../authentication/api-key.ts';

/** What the partner API needs. */
export type PartnerDeps = {
  readonly store: Pick<PolicyStore, 'policy' | 'offer' | 'offerPolicy' | 'payOffer' | 'changePolicy'> &
    Pick<ProductStore, 'product' | 'edition'> &
    EventStore;
  readonly authenticate: Authenticate;
  /** 32 bytes that sign quotes and what is to be paid. */
  readonly tokenKey: Uint8Array;
  /** For how long a quote can be bought, and an offer be paid, in ms. */
  readonly validity: { readonly quote: number; readonly offer: number };
  /** Offers of an account and mode that may wait for their payment. */
  readonly openOffers: number;
  /** The links of this server. */
  readonly links: () => Links;
  /** What a webhook sends of an event; `links` are those in it. */
  readonly payloadOf: (event: Event, links: Links) => object;
  readonly clock: () => number;
  readonly log: Log;
};
