import type { Endpoint } from '../../src/domain/endpoint.ts';
import type { Event } from '../../src/domain/event.ts';
import type { DeliveryId, EndpointId, EventId, FileId, ImportId, PolicyId } from '../../src/domain/ids.ts';
import type { Import } from '../../src/domain/import.ts';
import { cents } from '../../src/domain/money.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { Delivery } from '../../src/store/delivery-store.ts';
import { secretVault } from '../../src/webhooks/vault.ts';

const AT = Date.UTC(2026, 10, 23, 9, 15, 0, 250);

const ONE_IMPORT: Import = {
  id: 'imp_019ab0000001f000000000000001' as ImportId,
  file_id: 'fil_019ab0000001f000000000000001' as FileId,
  account: 'acme',
  mode: 'test',
  file: 'tickets.csv',
  size: 4096,
  sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  state: 'completed',
  bytes_read: 4096,
  bytes: 4096,
  run: undefined,
  rows: 20,
  created: 17,
  duplicates: 2,
  rejected: 1,
  problem: undefined,
  received_at: AT - 5_000,
  started_at: AT - 2_000,
  completed_at: AT,
};

const POLICY: Policy = {
  id: 'tpol_019ab0000001f000000000000001' as PolicyId,
  policy_number: 'TR-000000042',
  account: 'acme',
  mode: 'test',
  integration_id: 'in_41c2f22d51612f04ee2c48eca3dc0',
  product_id: 'pr_1',
  product_version: 1,
  idempotency_key: '7f1bd0c5-5b3c-4a52-9d2c-3a6f0a9d8c11',
  import_id: ONE_IMPORT.id,
  row: 3,
  status: 'active',
  cancellation: undefined,
  policyholder: { first_name: 'Zoë', last_name: 'Malone', email: 'zoe@example.com', language: 'en' },
  premium: { net: cents(1728), tax: cents(328), gross: cents(2056), currency: 'EUR' },
  start_date: '2026-11-23',
  end_date: '2027-02-14',
  quote_data: { event: { name: 'Tosca' } },
  policy_data: {},
  metadata: { order: '4711', seat: { row: 7 } },
  revision: 1,
  created_at: AT,
  updated_at: AT,
};

const head = (id: string) => ({ id: id as EventId, mode: 'test' as const, created_at: AT });

/** One event of each type. */
export const EVENTS = {
  'policy.created': { ...head('evt_019ab0000001f000000000000001'), type: 'policy.created', policy: POLICY },
  'policy.updated': {
    ...head('evt_019ab0000001f000000000000006'),
    type: 'policy.updated',
    policy: {
      ...POLICY,
      status: 'cancelled',
      cancellation: { reason: 'the event was called off', termination_date: '2026-12-01', at: AT + 60_000 },
      revision: 3,
      updated_at: AT + 60_000,
    },
  },
  'policy.rejected': {
    ...head('evt_019ab0000001f000000000000002'),
    type: 'policy.rejected',
    import: ONE_IMPORT,
    rejection: {
      row: 17,
      line: 18,
      idempotency_key: '0b9d8a52-90c5-4d1f-8a6e-6e0f3c1f7d20',
      integration_id: 'in_41c2f22d51612f04ee2c48eca3dc0',
      errors: [
        {
          code: 'invalid_email',
          column: 'policy.email',
          value: 'nick',
          message: 'policy.email: "nick" is not an e-mail address',
        },
        {
          code: 'missing_field',
          column: 'policy.last_name',
          value: '',
          message: 'policy.last_name is missing',
        },
      ],
    },
  },
  'import.completed': {
    ...head('evt_019ab0000001f000000000000003'),
    type: 'import.completed',
    import: ONE_IMPORT,
  },
  'import.rejected': {
    ...head('evt_019ab0000001f000000000000004'),
    type: 'import.rejected',
    import: {
      ...ONE_IMPORT,
      state: 'rejected',
      rows: 0,
      created: 0,
      duplicates: 0,
      rejected: 0,
      problem: 'unknown column `polcy.email`, did you mean `policy.email`?',
    },
  },
  'import.held': {
    ...head('evt_019ab0000001f000000000000005'),
    type: 'import.held',
    import: {
      ...ONE_IMPORT,
      state: 'held',
      rows: 0,
      created: 0,
      duplicates: 0,
      rejected: 0,
      started_at: undefined,
      completed_at: undefined,
      problem: 'The file seems to end in the middle of its last record.',
    },
  },
  'endpoint.disabled': {
    ...head('evt_019ab0000001f000000000000006'),
    type: 'endpoint.disabled',
    endpoint: {
      id: 'whk_019ab0000001f000000000000002' as EndpointId,
      url: 'https://acme.example/old-hooks',
      problem:
        'every attempt since 2026-11-18T09:15:00.250Z has failed; of the last one: no answer within 15 s',
    },
  },
} as const satisfies Record<Event['type'], Event>;

export const SECRET = 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD8u6YB8hqTQE=';
export const OTHER_SECRET = 'whsec_4o0k3xzJm0oZ1Dq0mL0t1r2b6v8q7y5u3w1e9s2d4f8=';

export const VAULT = secretVault(new Uint8Array(32).fill(1));

/** A delivery of `event` to `url`, as the store would claim it. */
export function deliveryTo(url: string, event: Event = EVENTS['policy.created'], attempt = 1): Delivery {
  const id = 'whk_019ab0000001f000000000000001' as EndpointId;
  const sealed = VAULT.seal(SECRET, id);
  const endpoint: Endpoint = {
    id,
    account: 'acme',
    url,
    description: '',
    events: [event.type],
    modes: ['test'],
    secrets: [{ kind: 'hmac', sealed, created_at: AT, expires_at: undefined }],
    batch: 1,
    paused_at: undefined,
    failing_since: undefined,
    disabled: undefined,
    created_at: AT,
  };
  return { id: 'dlv_019ab0000001f000000000000001' as DeliveryId, endpoint, events: [event], attempt };
}
