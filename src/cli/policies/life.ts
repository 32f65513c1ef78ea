import { userInfo } from 'node:os';
import type { PolicyId } from '../../domain/ids.ts';
import type { Actor, PolicyChange } from '../../domain/policy-change.ts';
import type { OpenStore } from '../../store/open.ts';
import { printList, printRecord } from '../output.ts';
import { policyRecord, revisionRecord } from '../records.ts';
import { must, Refused, type Session, withExistingStore } from '../session.ts';

/** Who changed what, and when. */
export async function printHistory(session: Session, id: string): Promise<void> {
  const history = await withExistingStore(session, (store) => store.policyHistory(id as PolicyId));
  if (!history) throw unknownPolicy(id);
  const records = history.map(revisionRecord);
  if (session.json) return printList(records, { json: true, empty: '' });
  const rows = history.map(({ revision, action, actor, changes, at }) => ({
    revision: String(revision),
    at: new Date(at).toISOString(),
    action,
    by: whoIs(actor),
    changes:
      changes.map(({ field, from, to }) => `${field}: ${from ?? '–'} → ${to ?? '–'}`).join('; ') || '–',
  }));
  printList(rows, { json: false, empty: '' });
}

function whoIs(actor: Actor): string {
  if (actor.kind === 'import') return `${actor.import_id}, row ${actor.row}`;
  return `${actor.kind === 'api_key' ? 'API key' : 'operator'} ${actor.name}`;
}

/** Changes a policy by the hand of whoever runs the command, and prints it as it is then. */
export async function changePolicy(session: Session, id: string, change: PolicyChange): Promise<void> {
  const policy = await withExistingStore(session, async (store: OpenStore) => {
    const found = await store.policy(id as PolicyId);
    if (!found) throw unknownPolicy(id);
    const actor = { kind: 'operator', name: userInfo().username } as const;
    const expected = { revision: found.revision };
    return must(await store.changePolicy({ id: found.id, expected, change, actor, now: Date.now() }));
  });
  printRecord(policyRecord(policy), session.json);
}

export function unknownPolicy(id: string): Refused {
  return new Refused(`There is no policy ${id}. policydrop policies list shows them.`);
}
