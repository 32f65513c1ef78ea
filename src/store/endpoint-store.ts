import type { Endpoint, SecretKind } from '../domain/endpoint.ts';
import type { EventType } from '../domain/event.ts';
import type { AccountId, EndpointId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';
import type { Result } from '../domain/refusal.ts';

/** A secret that is encrypted already: nothing here can read one. */
export type NewSecret = { readonly kind: SecretKind; readonly sealed: Uint8Array };

export type NewEndpoint = {
  /** From `nextEndpointId`: a secret is sealed for the endpoint that it belongs to. */
  readonly id: EndpointId;
  readonly account: AccountId;
  readonly url: string;
  readonly events: readonly EventType[];
  readonly modes: readonly Mode[];
  readonly secrets: readonly NewSecret[];
  readonly batch?: number;
};

export type EndpointStore = {
  /** The id that an endpoint made at `now` may take; whoever adds one first gets it. */
  nextEndpointId(now: number): Promise<EndpointId>;
  /** Refuses an id that has been taken meanwhile, and more than MAX_ENDPOINTS of an account. */
  addEndpoint(endpoint: NewEndpoint): Promise<Result<Endpoint, 'id_taken' | 'too_many_endpoints'>>;
  /** In the order in which they were added. */
  endpoints(account: AccountId): Promise<Endpoint[]>;
  endpoint(account: AccountId, id: EndpointId): Promise<Endpoint | undefined>;
  /** An endpoint that was disabled, or is failing, gets all that waits for it at once. False when the account has no such endpoint. */
  resumeEndpoint(account: AccountId, id: EndpointId, now: number): Promise<boolean>;
  /** Pending deliveries to it end as given up, and its secrets are gone. False when the account has no such endpoint. */
  removeEndpoint(account: AccountId, id: EndpointId, now: number): Promise<boolean>;
  /** Signs with `secrets` from now on, and with those before until `retire_at`. Refuses more than MAX_SECRETS at a time. */
  rotateSecrets(
    id: EndpointId,
    rotation: { secrets: readonly NewSecret[]; retire_at: number; now: number },
  ): Promise<Result<undefined, 'too_many_secrets'>>;
  /** Secrets that an earlier version kept unencrypted, by their endpoint. */
  plainSecrets(): Promise<{ id: EndpointId; secret: string }[]>;
  /** Keeps the secret encrypted from now on; what was readable is overwritten. */
  sealPlainSecret(id: EndpointId, secret: NewSecret): Promise<void>;
  /** One that is in use, with its endpoint: to see whether the master key is the right one. */
  someSecret(): Promise<{ id: EndpointId; sealed: Uint8Array } | undefined>;
};
