import { Command } from 'commander';
import type { AccountId, ImportId, PolicyId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { OpenStore } from '../store/open.ts';
import { limitOption } from './limit.ts';
import { printLines, printList, printRecord } from './output.ts';
import { policyRecord } from './records.ts';
import { accountNamed, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

const PAGE = 1_000; // policies read at once: a list of any length in bounded memory

export function policiesCommands(): Command {
  const policies = new Command('policies').description('the contracts in force');
  policies
    .command('list')
    .description('the newest policies')
    .option('--account <name>', 'only of this partner')
    .option('--import <id>', 'only of this import')
    .addOption(limitOption())
    .action((options, command) => list(sessionOf(command), options));
  policies
    .command('show <id>')
    .description('one policy in full')
    .action((id, _options, command) => show(sessionOf(command), id));
  return policies;
}

type ListOptions = { account?: string; import?: string; limit: number };

async function list(session: Session, options: ListOptions): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account =
      options.account === undefined ? undefined : (await accountNamed(store, options.account)).id;
    let seen = 0;
    for await (const page of pages(store, { ...options, account })) {
      seen += page.length;
      if (session.json) printLines(page.map((policy) => JSON.stringify(policyRecord(policy))));
      else printList(page.map(overview), { json: false, empty: '' });
    }
    if (seen === 0 && !session.json) printLines(['No policies yet.']);
  });
}

async function* pages(
  store: OpenStore,
  options: Omit<ListOptions, 'account'> & { account: AccountId | undefined },
) {
  let before: PolicyId | undefined;
  for (let left = options.limit; left > 0; ) {
    const { policies, next } = await store.policies({
      ...(options.account && { account: options.account }),
      ...(options.import && { import: options.import as ImportId }),
      ...(before && { before }),
      limit: Math.min(left, PAGE),
    });
    yield policies;
    if (!next) return;
    left -= policies.length;
    before = next;
  }
}

/** A policy in one line. */
export function overview({
  id,
  policy_number,
  account,
  mode,
  policyholder,
  premium,
  start_date,
  end_date,
}: Policy) {
  const name = `${policyholder.first_name} ${policyholder.last_name}`;
  const gross = `${(premium.gross / 100).toFixed(2)} ${premium.currency}`;
  return { id, policy_number, account, mode, policyholder: name, gross, start_date, end_date };
}

async function show(session: Session, id: string): Promise<void> {
  const policy = await withExistingStore(session, (store) => store.policy(id as PolicyId));
  if (!policy) throw new Refused(`There is no policy ${id}. policydrop policies list shows them.`);
  printRecord(policyRecord(policy), session.json);
}
