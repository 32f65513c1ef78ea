import type { EventType } from './event.ts';
import type { EndpointId } from './ids.ts';
import type { Mode } from './mode.ts';

export const MAX_ENDPOINTS = 100; // of an account: each is one more delivery of every event
export const MAX_SECRETS = 10; // of an endpoint that sign at a time, as each makes a header longer

export const MAX_BATCH = 100; // events of one request; a batch is cut off at about a megabyte, too
export const MAX_DESCRIPTION = 200; // characters

/** What signs: an HMAC secret (`whsec_…`), or beside it an Ed25519 key pair whose private half never leaves us (`whsk_…`). */
export type SecretKind = 'hmac' | 'ed25519';

/** A secret as it is kept; webhooks/vault.ts opens it. */
export type SealedSecret = {
  readonly kind: SecretKind;
  readonly sealed: Uint8Array;
  readonly created_at: number;
  /** From when on it signs no more; undefined while none has taken its place. */
  readonly expires_at: number | undefined;
};

/** Where an account wants its events sent, and how. */
export type Endpoint = {
  readonly id: EndpointId;
  readonly account: string;
  readonly url: string;
  /** What it is for, in the operator's words; may be empty. */
  readonly description: string;
  readonly events: readonly EventType[];
  readonly modes: readonly Mode[];
  /** The newest first. */
  readonly secrets: readonly SealedSecret[];
  /** How many events are sent at a time, at most; 1 sends each by itself. */
  readonly batch: number;
  /** Since when an operator wants nothing sent there; what happens meanwhile waits. */
  readonly paused_at: number | undefined;
  /** The first failure since the last success; undefined while it answers. */
  readonly failing_since: number | undefined;
  /** Since when, and why, it gets nothing any more. */
  readonly disabled: { readonly at: number; readonly problem: string } | undefined;
  readonly created_at: number;
};

/** Those that sign at the instant `now`. */
export function validSecrets({ secrets }: Pick<Endpoint, 'secrets'>, now: number): readonly SealedSecret[] {
  return secrets.filter(({ expires_at }) => expires_at === undefined || expires_at > now);
}

export type EndpointState = 'active' | 'failing' | 'paused' | 'disabled';

/** In a word; what stops it comes before what slows it down. */
export function stateOf({ disabled, paused_at, failing_since }: Endpoint): EndpointState {
  if (disabled) return 'disabled';
  if (paused_at !== undefined) return 'paused';
  return failing_since === undefined ? 'active' : 'failing';
}
