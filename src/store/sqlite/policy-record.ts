import type { Account } from '../../domain/account.ts';
import type { ImportId, PolicyId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import type { Leaf, Nested, Policy } from '../../domain/policy.ts';
import { modeOf } from './bits.ts';
import type { Database } from './connection.ts';
import { keyText } from './keys.ts';
import { policyNumber } from './policy-numbers.ts';

const DAY = 86_400_000; // ms
const NOBODY = { first_name: '', last_name: '', email: '', language: '' };

export type PolicyRow = {
  id: number;
  account: number;
  account_name: Account['name'];
  mode: number;
  key: string | Uint8Array;
  shape: number;
  integration: string;
  product: string;
  version: number;
  currency: string;
  policy_number: string;
  paths: string;
  leaves: string;
  net: number;
  tax: number;
  start_day: number;
  end_day: number;
  cancellation: string | null;
  termination_date: string | null;
  revision: number;
  import: number | null;
  import_created_at: number | null;
  row: number | null;
  made_at: number; // the instant in its id: that of its offer
  created_at: number;
  updated_at: number;
};

/**
 * A policy with what its shape, product, account and import say of it, in its last revision up to that of the SQL expression
 * `revision`. Most have none: they are as they were bought.
 */
export function policiesAt(revision: string): string {
  return `
  SELECT policy.id, policy.account, account.name AS account_name, policy.mode, policy.key, policy.net, policy.tax, policy.import, policy.row,
    policy.created_at AS made_at, coalesce(bought.at, policy.created_at) AS created_at, coalesce(state.at, policy.created_at) AS updated_at,
    coalesce(state.revision, 1) AS revision, coalesce(state.leaves, policy.leaves) AS leaves, coalesce(state.start_day, policy.start_day) AS start_day,
    coalesce(state.end_day, policy.end_day) AS end_day, state.cancellation, state.termination_date,
    shape.id AS shape, shape.integration, shape.paths, product_version.product, product_version.version, product_version.currency,
    product_version.policy_number, import.created_at AS import_created_at
  FROM policy JOIN account ON account.id = policy.account
    LEFT JOIN policy_revision AS bought ON bought.policy = policy.id AND bought.revision = 1
    LEFT JOIN policy_revision AS state ON state.policy = policy.id AND state.revision =
      (SELECT max(revision) FROM policy_revision AS other WHERE other.policy = policy.id AND other.revision <= ${revision})
    JOIN shape ON shape.id = coalesce(state.shape, policy.shape)
    JOIN product_version ON product_version.id = shape.product_version LEFT JOIN import ON import.id = policy.import`;
}

/** As they are now. */
export const POLICIES = policiesAt('9007199254740991');

export function policyId(db: Database, row: Pick<PolicyRow, 'id' | 'made_at' | 'mode'>): PolicyId {
  return db.ids.policy.encode(row.id, row.made_at, modeOf(row.mode) === 'live') as PolicyId;
}

export function policyOf(db: Database, row: PolicyRow): Policy {
  const { quote, policy, metadata } = nested(JSON.parse(row.paths), JSON.parse(row.leaves));
  const { data = {}, ...policyholder } = policy;
  const { net, tax } = row;
  return {
    id: policyId(db, row),
    policy_number: policyNumber(row.policy_number, row.id, row.mode),
    account: row.account_name,
    mode: modeOf(row.mode),
    integration_id: row.integration,
    product_id: row.product,
    product_version: row.version,
    idempotency_key: keyText(row.key),
    import_id: importId(db, row),
    row: row.row ?? undefined,
    ...statusOf(row),
    policyholder: { ...NOBODY, ...policyholder },
    premium: { net: cents(net), tax: cents(tax), gross: cents(net + tax), currency: row.currency },
    start_date: date(row.start_day),
    end_date: date(row.end_day),
    quote_data: (quote['data'] ?? {}) as Nested,
    policy_data: data as Nested,
    metadata,
    revision: row.revision,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

function importId(db: Database, row: PolicyRow): ImportId | undefined {
  return row.import === null
    ? undefined
    : (db.ids.import.encode(row.import, row.import_created_at ?? 0) as ImportId);
}

/** A cancelled policy has no revision but its cancellation until it is reactivated. */
function statusOf(row: PolicyRow): Pick<Policy, 'status' | 'cancellation'> {
  if (row.cancellation === null) return { status: 'active', cancellation: undefined };
  const termination_date = row.termination_date ?? undefined;
  return {
    status: 'cancelled',
    cancellation: { reason: row.cancellation, termination_date, at: row.updated_at },
  };
}

function date(day: number): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** Leaves by dotted path → objects in objects. */
function nested(
  paths: readonly string[],
  leaves: readonly (Leaf | null)[],
): Record<'quote' | 'policy' | 'metadata', Nested> {
  const root = { quote: emptyNode(), policy: emptyNode(), metadata: emptyNode() };
  paths.forEach((path, i) => {
    const leaf = leaves[i];
    if (leaf === null || leaf === undefined) return;
    const names = path.split('.');
    const last = names.pop() ?? '';
    let node: Nested = root;
    for (const name of names) {
      node[name] ??= emptyNode();
      node = node[name] as Nested;
    }
    node[last] = leaf;
  });
  return root;
}

/** Without a prototype, so that no name from outside can mean more than itself. */
function emptyNode(): Nested {
  return Object.create(null);
}
