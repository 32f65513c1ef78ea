// The records of the CLI's --json, member by member as they are documented in docs/cli.md.
import type { Account, Revocation, SshKey } from '../domain/account.ts';
import type { ApiKey } from '../domain/api-key.ts';
import { type Endpoint, stateOf } from '../domain/endpoint.ts';
import type { Import, RowOutcome } from '../domain/import.ts';
import type { Policy } from '../domain/policy.ts';
import type { Revision } from '../domain/policy-change.ts';
import type { Replay } from '../domain/replay.ts';
import type { DeliveryRecord, FailedAttempt } from '../store/delivery-store.ts';
import { paceOf } from './pace.ts';

export function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

export function accountRecord(account: Account) {
  const { name, modes, integrations, bad_rows, disabled, created_at } = account;
  return { name, modes, integrations, bad_rows, disabled, created_at: instant(created_at) };
}

export function keyRecord(key: SshKey) {
  const { fingerprint, type, comment, principals = null, from } = key;
  const expires_at = instant(key.expires_at);
  return { fingerprint, type, comment, principals, from, expires_at, created_at: instant(key.created_at) };
}

export function revocationRecord({ revoked, created_at }: Revocation) {
  return { revoked, created_at: instant(created_at) };
}

export function apiKeyRecord({ name, mode, created_at, expires_at }: ApiKey) {
  return { name, mode, expires_at: instant(expires_at), created_at: instant(created_at) };
}

export function endpointRecord(endpoint: Endpoint) {
  const { id, account, url, description, events, modes, batch, disabled } = endpoint;
  const state = { state: stateOf(endpoint), problem: disabled?.problem ?? null };
  const created_at = instant(endpoint.created_at);
  return { id, account, url, description, events, modes, batch, ...state, created_at };
}

export function importRecord(one: Import) {
  const { id, account, mode, file, state, rows, created, duplicates, rejected } = one;
  const received_at = instant(one.received_at);
  const completed_at = instant(one.completed_at);
  return { id, account, mode, file, state, rows, created, duplicates, rejected, received_at, completed_at };
}

export function importDetails(one: Import) {
  const { size, sha256 = null, bytes, bytes_read, problem = null } = one;
  const started_at = instant(one.started_at);
  const { percent = null, rows_per_second = null, seconds_left = null } = paceOf(one, Date.now()) ?? {};
  const pace = { percent, rows_per_second, seconds_left };
  return { ...importRecord(one), started_at, size, bytes, bytes_read, ...pace, sha256, problem };
}

export function rejectedRecord(outcome: RowOutcome & { outcome: 'rejected' }) {
  const { row, line, idempotency_key, integration_id, errors } = outcome;
  return { row, line, idempotency_key, integration_id, errors };
}

export function policyRecord(policy: Policy) {
  const { import_id = null, row = null, cancellation, created_at, updated_at, ...rest } = policy;
  const times = { created_at: instant(created_at), updated_at: instant(updated_at) };
  return { ...rest, cancellation: cancellationRecord(cancellation), import_id, row, ...times };
}

export function revisionRecord({ revision, action, actor, changes, at }: Revision) {
  return { revision, action, actor, changes, at: instant(at) };
}

function cancellationRecord(cancellation: Policy['cancellation']) {
  if (!cancellation) return null;
  const { reason, termination_date = null, at } = cancellation;
  return { reason, termination_date, cancelled_at: instant(at) };
}

export function deliveryRecord(delivery: DeliveryRecord) {
  const { id, endpoint, event, type, events, state, attempts, status = null, problem = null } = delivery;
  const next_at = instant(delivery.next_at);
  const times = { next_at, created_at: instant(delivery.created_at), ended_at: instant(delivery.ended_at) };
  return { id, endpoint, event, type, events, state, attempts, status, problem, ...times };
}

export function attemptRecord(attempt: FailedAttempt) {
  const { number, ms, status = null, problem, response = null } = attempt;
  return { number, at: instant(attempt.at), ms, status, problem, response };
}

export function replayRecord(replay: Replay) {
  const { id, endpoint, what, types, state, total, done } = replay;
  const range = { since: instant(replay.since), until: instant(replay.until) };
  const times = { created_at: instant(replay.created_at), ended_at: instant(replay.ended_at) };
  return { id, endpoint, what, ...range, types, state, total, done, ...times };
}
