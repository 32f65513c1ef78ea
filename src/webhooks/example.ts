// Events that never happened, to try an endpoint with; what is sent of them says so.
import type { Endpoint } from '../domain/endpoint.ts';
import type { Event, EventType } from '../domain/event.ts';
import type { EventId, FileId, ImportId, PolicyId } from '../domain/ids.ts';
import type { Import } from '../domain/import.ts';
import { cents } from '../domain/money.ts';
import type { Policy } from '../domain/policy.ts';

const NUMBER = '0'.repeat(28); // of ids that exist nowhere

/** An example of an event, as it would happen at `now`; always of test mode. `id` is made up by the caller. */
export function exampleEvent(type: EventType, endpoint: Endpoint, id: EventId, now: number): Event {
  const head = { id, mode: 'test', created_at: now, example: true } as const;
  const whole = exampleImport(endpoint.account, now);
  switch (type) {
    case 'policy.created':
    case 'policy.updated':
      return { ...head, type, policy: examplePolicy(endpoint.account, now) };
    case 'policy.rejected':
      return { ...head, type, import: whole, rejection: REJECTION };
    case 'import.completed':
      return { ...head, type, import: whole };
    case 'import.rejected':
    case 'import.held':
      return { ...head, type, import: { ...whole, problem: 'This is an example: nothing is wrong.' } };
    case 'endpoint.disabled': {
      const problem = 'This is an example: the endpoint is not disabled.';
      return { ...head, type, endpoint: { id: endpoint.id, url: endpoint.url, problem } };
    }
  }
}

const REJECTION = {
  row: 2,
  line: 3,
  idempotency_key: 'example',
  integration_id: 'in_example',
  errors: [
    {
      code: 'invalid_email',
      column: 'policy.email',
      value: 'example',
      message: 'policy.email: "example" is not an e-mail address',
    },
  ],
};

function examplePolicy(account: string, now: number): Policy {
  const day = (after: number) => new Date(now + after * 86_400_000).toISOString().slice(0, 10);
  return {
    id: `tpol_${NUMBER}` as PolicyId,
    policy_number: 'EXAMPLE-1',
    account,
    mode: 'test',
    integration_id: 'in_example',
    product_id: 'pr_example',
    product_version: 1,
    idempotency_key: 'example',
    import_id: undefined,
    row: undefined,
    status: 'active',
    cancellation: undefined,
    policyholder: {
      first_name: 'Erika',
      last_name: 'Mustermann',
      email: 'erika@example.com',
      language: 'de',
    },
    premium: { net: cents(1_681), tax: cents(319), gross: cents(2_000), currency: 'EUR' },
    start_date: day(0),
    end_date: day(30),
    quote_data: {},
    policy_data: {},
    metadata: {},
    revision: 1,
    created_at: now,
    updated_at: now,
  };
}

function exampleImport(account: string, now: number): Import {
  return {
    id: `imp_${NUMBER}` as ImportId,
    file_id: `fil_${NUMBER}` as FileId,
    account,
    mode: 'test',
    file: 'example.csv',
    size: 100,
    sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    state: 'completed',
    bytes_read: 100,
    bytes: 100,
    run: undefined,
    rows: 2,
    created: 1,
    duplicates: 0,
    rejected: 1,
    problem: undefined,
    received_at: now,
    started_at: now,
    completed_at: now,
  };
}
