import type { Account } from '../../domain/account.ts';
import type { ImportId, PolicyId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import type { Leaf, Nested, Policy } from '../../domain/policy.ts';
import type { PolicyStore } from '../policy-store.ts';
import { accountRow } from './accounts.ts';
import { modeBit, modeOf } from './bits.ts';
import { importRows } from './claims.ts';
import type { Database } from './connection.ts';
import { keyText } from './keys.ts';
import type { Methods } from './methods.ts';

const DAY = 86_400_000; // ms
const NUMBER_DIGITS = 9;

export type PolicyRow = {
  id: number;
  account_name: Account['name'];
  mode: number;
  key: string | Uint8Array;
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
  import: number | null;
  import_created_at: number | null;
  row: number | null;
  created_at: number;
};

/** A policy with what its shape, product, account and import say of it. */
export const POLICIES = `
  SELECT policy.*, account.name AS account_name, shape.integration, shape.paths, product_version.product,
    product_version.version, product_version.currency, product_version.policy_number, import.created_at AS import_created_at
  FROM policy JOIN account ON account.id = policy.account JOIN shape ON shape.id = policy.shape
    JOIN product_version ON product_version.id = shape.product_version LEFT JOIN import ON import.id = policy.import`;

/** The insurer's number: the product's pattern with the policy's integer; that of a test policy begins `TEST-`. */
export function policyNumber(pattern: string, id: number, mode: number): string {
  const number = pattern.replace('{number}', String(id).padStart(NUMBER_DIGITS, '0'));
  return mode === modeBit('test') ? `TEST-${number}` : number;
}

export function policyOf(db: Database, row: PolicyRow): Policy {
  const mode = modeOf(row.mode);
  const { quote, policy, metadata } = nested(JSON.parse(row.paths), JSON.parse(row.leaves));
  const { data = {}, first_name, last_name, email, language } = policy;
  const { net, tax } = row;
  return {
    id: db.ids.policy.encode(row.id, row.created_at, mode === 'live') as PolicyId,
    policy_number: policyNumber(row.policy_number, row.id, row.mode),
    account: row.account_name,
    mode,
    integration_id: row.integration,
    product_id: row.product,
    product_version: row.version,
    idempotency_key: keyText(row.key),
    import_id:
      row.import === null
        ? undefined
        : (db.ids.import.encode(row.import, row.import_created_at ?? 0) as ImportId),
    row: row.row ?? undefined,
    status: 'active',
    policyholder: {
      first_name: String(first_name),
      last_name: String(last_name),
      email: String(email),
      language: String(language),
    },
    premium: { net: cents(net), tax: cents(tax), gross: cents(net + tax), currency: row.currency },
    start_date: date(row.start_day),
    end_date: date(row.end_day),
    quote_data: (quote['data'] ?? {}) as Nested,
    policy_data: data as Nested,
    metadata,
    created_at: row.created_at,
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

export function policyMethods(db: Database): Methods<PolicyStore> {
  const importRow = importRows(db);
  const byId = db.prepare(`${POLICIES} WHERE policy.id = ?`);
  const all = db.prepare(`${POLICIES} WHERE policy.id < ? ORDER BY policy.id DESC LIMIT ?`);
  const ofAccount = db.prepare(
    `${POLICIES} WHERE policy.account = ? AND policy.id < ? ORDER BY policy.id DESC LIMIT ?`,
  );
  const ofImport = db.prepare(
    `${POLICIES} WHERE policy.import = ?1 AND policy.account = coalesce(?2, policy.account) AND policy.id < ?3
     ORDER BY policy.id DESC LIMIT ?4`,
  );
  return {
    policy: (id) => {
      const decoded = db.ids.policy.decode(id);
      const row = decoded && (byId.get(decoded.row) as PolicyRow | undefined);
      const same =
        row?.created_at === decoded?.created_at &&
        modeOf(row?.mode ?? 0) === (decoded?.live ? 'live' : 'test');
      return row && same ? policyOf(db, row) : undefined;
    },
    policies: ({ account, import: id, before, limit }) => {
      const owner = account ? accountRow(db, account) : null;
      const below = before ? (db.ids.policy.decode(before)?.row ?? 0) : Number.MAX_SAFE_INTEGER;
      const rows = id
        ? ofImport.all(importRow(id), owner, below, limit)
        : owner === null
          ? all.all(below, limit)
          : ofAccount.all(owner, below, limit);
      return (rows as PolicyRow[]).map((row) => policyOf(db, row));
    },
  };
}
