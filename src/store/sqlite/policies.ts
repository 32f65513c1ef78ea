import type { PolicyId } from '../../domain/ids.ts';
import type { PolicyFilter, PolicyStore } from '../policy-store.ts';
import { accountRow } from './accounts.ts';
import { modeBit, modeOf } from './bits.ts';
import { importRows } from './claims.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';
import { POLICIES, type PolicyRow, policyId, policyOf } from './policy-record.ts';

const MOST_PASSED_OVER = 5_000; // policies for one page, some 10 ms: a filter that fits few keeps nobody else waiting

type Filter = Omit<PolicyFilter, 'limit'>;

/** What a list looks at of each policy before it reads it in full. */
type Glance = Pick<
  PolicyRow,
  'id' | 'account' | 'mode' | 'made_at' | 'created_at' | 'shape' | 'cancellation'
>;

const glancesOf = (policies: string) => `
  SELECT policy.id, policy.account, policy.mode, policy.created_at AS made_at,
    coalesce(bought.at, policy.created_at) AS created_at, coalesce(state.shape, policy.shape) AS shape, state.cancellation
  FROM ${policies} LEFT JOIN policy_revision AS bought ON bought.policy = policy.id AND bought.revision = 1
    LEFT JOIN policy_revision AS state ON state.policy = policy.id AND state.revision =
      (SELECT max(revision) FROM policy_revision AS other WHERE other.policy = policy.id)`;

// Where a list looks: ?1 is the import, ?2 the account, and ?3 what it goes on below.
const ANY = `${glancesOf('policy')} WHERE policy.id < ?3 ORDER BY policy.id DESC`;
const OF_ACCOUNT = `${glancesOf('policy')} WHERE policy.account = ?2 AND policy.id < ?3 ORDER BY policy.id DESC`;
/** An import's policies need no index: each of its chunks names the range of its own. */
const OF_IMPORT = `${glancesOf('import_chunk CROSS JOIN policy ON policy.id BETWEEN policy_from AND min(policy_to, ?3 - 1)')}
  WHERE import_chunk.import = ?1 ORDER BY chunk DESC, policy.id DESC`;
/** The few that are cancelled, by the revision that says so, when it is their last. */
const CANCELLED = `${glancesOf('policy_revision AS found CROSS JOIN policy ON policy.id = found.policy')}
  WHERE found.cancellation IS NOT NULL AND found.policy < ?3 AND found.revision = state.revision
  ORDER BY found.policy DESC`;

/** Gives the integer of a policy; undefined for any text that is not the id of one. */
export function policyRows(db: Database): (id: PolicyId) => number | undefined {
  const made = db.prepare('SELECT mode FROM policy WHERE id = ? AND created_at = ?');
  return (id) => {
    const decoded = db.ids.policy.decode(id);
    const mode = decoded && made.get(decoded.row, decoded.created_at)?.['mode'];
    return mode === undefined || (modeOf(Number(mode)) === 'live') !== decoded?.live
      ? undefined
      : decoded.row;
  };
}

export function policyMethods(
  db: Database,
): Pick<Methods<PolicyStore>, 'policy' | 'policies' | 'policyPaths'> {
  const rowOf = policyRows(db);
  const importRow = importRows(db);
  const byId = db.prepare(`${POLICIES} WHERE policy.id = ?`);
  const lists = {
    any: db.prepare(ANY),
    ofAccount: db.prepare(OF_ACCOUNT),
    ofImport: db.prepare(OF_IMPORT),
    cancelled: db.prepare(CANCELLED),
  };
  const pathsOf = db.prepare('SELECT paths FROM shape WHERE id = ?');

  const policyAt = (row: number) => policyOf(db, byId.get(row) as PolicyRow);

  /** Looks at policies, newest first, where what fits is found soonest. */
  function* look(filter: Filter): Generator<{ readonly glance: Glance; readonly fits: boolean }> {
    const { account, import: id, before } = filter;
    const below = before ? (db.ids.policy.decode(before)?.row ?? 0) : Number.MAX_SAFE_INTEGER;
    const owner = account ? accountRow(db, account) : null;
    const source = id ? importRow(id) : null;
    for (const row of lists[listFor(filter)].iterate(source, owner, below)) {
      const glance = row as unknown as Glance;
      const isTheirs = owner === null || owner === glance.account;
      yield { glance, fits: isTheirs && matches(glance, filter) };
    }
  }

  return {
    policy: (id) => {
      const row = rowOf(id);
      return row === undefined ? undefined : policyAt(row);
    },
    policies: (filter) =>
      db.read(() => {
        const found: number[] = [];
        let last: Glance | undefined;
        let passedOver = 0;
        for (const { glance, fits } of look(filter)) {
          if (found.length === filter.limit || passedOver === MOST_PASSED_OVER) {
            return { policies: found.map(policyAt), next: last && policyId(db, last) };
          }
          if (fits) found.push(glance.id);
          else passedOver++;
          last = glance;
        }
        return { policies: found.map(policyAt), next: undefined };
      }),
    policyPaths: (filter) =>
      db.read(() => {
        const shapes = new Set<number>();
        const paths = () => [
          ...new Set(
            [...shapes].flatMap((shape) => JSON.parse(String(pathsOf.get(shape)?.['paths'])) as string[]),
          ),
        ];
        let looked = 0;
        for (const { glance, fits } of look(filter)) {
          if (fits) shapes.add(glance.shape);
          if (++looked === MOST_PASSED_OVER) return { paths: paths(), looked, next: policyId(db, glance) };
        }
        return { paths: paths(), looked, next: undefined };
      }),
  };
}

function listFor({ account, import: id, status }: Filter) {
  if (id) return 'ofImport';
  if (status === 'cancelled') return 'cancelled';
  return account ? 'ofAccount' : 'any';
}

function matches(glance: Glance, { mode, status, created_from, created_before }: Filter): boolean {
  return (
    (mode === undefined || glance.mode === modeBit(mode)) &&
    (status === undefined || (status === 'cancelled') === (glance.cancellation !== null)) &&
    (created_from === undefined || glance.created_at >= created_from) &&
    (created_before === undefined || glance.created_at < created_before)
  );
}
