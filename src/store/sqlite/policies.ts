import type { PolicyId } from '../../domain/ids.ts';
import type { PolicyFilter, PolicyStore } from '../policy-store.ts';
import { accountRow } from './accounts.ts';
import { modeBit, modeOf } from './bits.ts';
import { importRows } from './claims.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';
import { POLICIES, type PolicyRow, policyId, policyOf } from './policy-record.ts';

const MOST_PASSED_OVER = 5_000; // policies for one page, some 10 ms: a filter that fits few keeps nobody else waiting

/** What a list looks at of each policy before it reads it in full. */
type Glance = Pick<PolicyRow, 'id' | 'mode' | 'made_at' | 'created_at' | 'shape' | 'cancellation'>;

const glancesOf = (policies: string) => `
  SELECT policy.id, policy.mode, policy.created_at AS made_at, coalesce(bought.at, policy.created_at) AS created_at,
    coalesce(state.shape, policy.shape) AS shape, state.cancellation
  FROM ${policies} LEFT JOIN policy_revision AS bought ON bought.policy = policy.id AND bought.revision = 1
    LEFT JOIN policy_revision AS state ON state.policy = policy.id AND state.revision =
      (SELECT max(revision) FROM policy_revision AS other WHERE other.policy = policy.id)`;
/** An import's policies need no index, as each of its chunks names the range of its own: those of ?1 below ?3. */
const OF_CHUNKS =
  'import_chunk CROSS JOIN policy ON import_chunk.import = ?1 AND policy.id BETWEEN policy_from AND min(policy_to, ?3 - 1)';

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
  const all = db.prepare(`${glancesOf('policy')} WHERE policy.id < ? ORDER BY policy.id DESC`);
  const ofAccount = db.prepare(
    `${glancesOf('policy')} WHERE policy.account = ? AND policy.id < ? ORDER BY policy.id DESC`,
  );
  const ofImport = db.prepare(
    `${glancesOf(OF_CHUNKS)} WHERE policy.account = coalesce(?2, policy.account)
     ORDER BY chunk DESC, policy.id DESC`,
  );

  const pathsOf = db.prepare('SELECT paths FROM shape WHERE id = ?');

  const policyAt = (row: number) => policyOf(db, byId.get(row) as PolicyRow);

  function glances({ account, import: id, before }: Omit<PolicyFilter, 'limit'>): Iterable<Glance> {
    const owner = account ? accountRow(db, account) : null;
    const below = before ? (db.ids.policy.decode(before)?.row ?? 0) : Number.MAX_SAFE_INTEGER;
    const rows = id
      ? ofImport.iterate(importRow(id), owner, below)
      : owner === null
        ? all.iterate(below)
        : ofAccount.iterate(owner, below);
    return rows as Iterable<unknown> as Iterable<Glance>;
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
        for (const glance of glances(filter)) {
          if (found.length === filter.limit || passedOver === MOST_PASSED_OVER) {
            return { policies: found.map(policyAt), next: last && policyId(db, last) };
          }
          if (fits(glance, filter)) found.push(glance.id);
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
        for (const glance of glances(filter)) {
          if (fits(glance, filter)) shapes.add(glance.shape);
          if (++looked === MOST_PASSED_OVER) return { paths: paths(), looked, next: policyId(db, glance) };
        }
        return { paths: paths(), looked, next: undefined };
      }),
  };
}

function fits(
  glance: Glance,
  { mode, status, created_from, created_before }: Omit<PolicyFilter, 'limit'>,
): boolean {
  return (
    (mode === undefined || glance.mode === modeBit(mode)) &&
    (status === undefined || (status === 'cancelled') === (glance.cancellation !== null)) &&
    (created_from === undefined || glance.created_at >= created_from) &&
    (created_before === undefined || glance.created_at < created_before)
  );
}
