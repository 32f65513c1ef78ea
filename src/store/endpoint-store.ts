import type { Endpoint, SecretKind } from '../domain/endpoint.ts';
import type { AccountId, EndpointId } from '../domain/ids.ts';
import type { Result } from '../domain/refusal.ts';

/** A secret that is encrypted already: nothing here can read one. */
export type NewSecret = { readonly kind: SecretKind; readonly sealed: Uint8Array };

/** What an operator chooses. */
export type EndpointSettings = Pick<Endpoint, 'url' | 'description' | 'events' | 'modes' | 'batch'>;

export type NewEndpoint = EndpointSettings & {
  /** From `nextEndpointId`: a secret is sealed for the endpoint that it belongs to. */
  readonly id: EndpointId;
  readonly account: AccountId;
  readonly secrets: readonly NewSecret[];
};

export type EndpointStore = {
  /** The id that an endpoint made at `now` may take; whoever adds one first gets it. */
  nextEndpointId(now: number): Promise<EndpointId>;
  /** Refuses an id that has been taken meanwhile, and more than MAX_ENDPOINTS of an account. */
  addEndpoint(endpoint: NewEndpoint): Promise<Result<Endpoint, 'id_taken' | 'too_many_endpoints'>>;
  /** In the order in which they were added. */
  endpoints(account: AccountId): Promise<Endpoint[]>;
  endpoint(account: AccountId, id: EndpointId): Promise<Endpoint | undefined>;
  /** What is chosen anew holds for everything that is sent from now on; events, for those that happen from now on. A new URL gets all that waits at once. */
  updateEndpoint(
    account: AccountId,
    id: EndpointId,
    changes: Partial<EndpointSettings>,
    now: number,
  ): Promise<Endpoint | undefined>;
  /** Nothing is sent there until it is resumed; what is in flight still arrives. */
  pauseEndpoint(account: AccountId, id: EndpointId, now: number): Promise<Endpoint | undefined>;
  /** An endpoint that was paused or disabled, or is failing, gets all that waits for it at once. */
  resumeEndpoint(account: AccountId, id: EndpointId, now: number): Promise<Endpoint | undefined>;
  /** How many events wait to be sent there, those in flight included. */
  waitingEvents(id: EndpointId): Promise<number>;
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
