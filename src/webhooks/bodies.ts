import type { Event } from '../domain/event.ts';
import type { Import } from '../domain/import.ts';
import { assetsOf, type Links } from '../domain/links.ts';
import type { Policy } from '../domain/policy.ts';

/** The JSON that is sent for an event; `links` are those in it. docs/webhooks.md shows each. */
export function bodyOf(event: Event, links: Links): string {
  return JSON.stringify({ ...contentOf(event, links), ...(event.example && { example: true }) });
}

/** The same as an object. */
export function contentOf(event: Event, links: Links): object {
  switch (event.type) {
    case 'policy.created':
    case 'policy.updated':
      return policyObject(event.policy, links);
    case 'policy.rejected': {
      const { row, line, idempotency_key, integration_id, errors } = event.rejection;
      const place = { import_id: event.import.id, file: event.import.file, row, line };
      const message = errors.map((error) => error.message).join('; ');
      return { ...head(event), ...place, idempotency_key, integration_id, message, errors };
    }
    case 'import.completed':
      return { ...head(event), ...importObject(event.import), ...messageOf(event.import) };
    case 'import.rejected':
    case 'import.held':
      return { ...head(event), ...importObject(event.import), message: event.import.problem ?? null };
    case 'endpoint.disabled': {
      const { id, url, problem } = event.endpoint;
      return { ...head(event), endpoint_id: id, url, message: problem };
    }
  }
}

function head({ id, type, mode, created_at }: Event) {
  return { id, type, livemode: mode === 'live', created_at: instant(created_at) };
}

/** The object that the platform's receivers know, and how it stands in the policy's life. */
function policyObject(policy: Policy, links: Links) {
  const { id, product_id, policyholder, premium, metadata, status, revision } = policy;
  return {
    id,
    livemode: policy.mode === 'live',
    policy_id: policy.policy_number,
    product_id,
    first_name: policyholder.first_name,
    last_name: policyholder.last_name,
    email: policyholder.email,
    policy_created_date: instant(policy.created_at),
    start_date: policy.start_date,
    end_date: policy.end_date,
    gross_premium: premium.gross,
    premium_tax: premium.tax,
    status,
    termination_date: policy.cancellation?.termination_date ?? null,
    revision,
    metadata,
    assets: assetsOf(policy, links),
    _links: { self: { href: links.policy(id) } },
  };
}

/** An import that was cancelled is complete as well: its message says so. */
function messageOf({ problem }: Import) {
  return problem === undefined ? {} : { message: problem };
}

function importObject({ id, file, sha256, rows, created, duplicates, rejected, ...times }: Import) {
  const started_at = instant(times.started_at);
  const completed_at = instant(times.completed_at);
  const counts = { rows, created, duplicates, rejected };
  return { import_id: id, file, sha256: sha256 ?? null, ...counts, started_at, completed_at };
}

function instant(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}
