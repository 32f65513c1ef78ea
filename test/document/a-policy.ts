import type { PolicyId } from '../../src/domain/ids.ts';
import { cents } from '../../src/domain/money.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { BOOKING, TRIP, travel } from '../product/travel.ts';

const { data: policy_data, ...policyholder } = BOOKING;

/** A policy of the travel insurance that is the example of another product. */
export const POLICY: Policy = {
  id: 'lpol_0000000000000000000000000001' as PolicyId,
  policy_number: 'RV-000000042',
  account: 'partner',
  mode: 'live',
  integration_id: travel.id,
  product_id: travel.product_id,
  product_version: 1,
  idempotency_key: 'key',
  import_id: undefined,
  row: undefined,
  status: 'active',
  cancellation: undefined,
  policyholder: policyholder as Policy['policyholder'],
  premium: { net: cents(7465), tax: cents(821), gross: cents(8286), currency: 'EUR' },
  start_date: '2027-02-06',
  end_date: '2027-02-13',
  quote_data: TRIP,
  policy_data: policy_data as Policy['policy_data'],
  metadata: {},
  revision: 1,
  created_at: Date.UTC(2026, 10, 30, 9),
  updated_at: Date.UTC(2026, 10, 30, 9),
};
