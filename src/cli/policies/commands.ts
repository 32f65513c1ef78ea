import { Command, Option } from 'commander';
import type { PolicyId } from '../../domain/ids.ts';
import type { Policy } from '../../domain/policy.ts';
import { limitOption } from '../limit.ts';
import { printLines, printList, printRecord } from '../output.ts';
import { policyRecord } from '../records.ts';
import { type Session, sessionOf, withExistingStore } from '../session.ts';
import { EXPORT_FORMATS, exportPolicies } from './export.ts';
import { type FilterOptions, filterOf, policyPages, withFilter } from './filter.ts';
import { changePolicy, printHistory, unknownPolicy } from './life.ts';

export function policiesCommands(): Command {
  const policies = new Command('policies').description('the contracts in force');
  withFilter(policies.command('list').description('the newest policies'))
    .addOption(limitOption())
    .action((options, command) => list(sessionOf(command), options));
  policies
    .command('show <id>')
    .description('one policy in full')
    .action((id, _options, command) => show(sessionOf(command), id));
  withFilter(policies.command('export').description('all policies, on standard output'))
    .addOption(new Option('--format <format>', 'default: csv, with --json ndjson').choices(EXPORT_FORMATS))
    .action((options, command) => {
      const session = sessionOf(command);
      return exportPolicies(session, options, options.format ?? (session.json ? 'ndjson' : 'csv'));
    });
  policies
    .command('history <id>')
    .description('who changed what, and when')
    .action((id, _options, command) => printHistory(sessionOf(command), id));
  policies
    .command('cancel <id>')
    .description('ends the cover; the partner is told by policy.updated')
    .requiredOption('--reason <text>', 'why, for the history')
    .option('--termination-date <date>', 'the last day of cover (2026-12-01; default: it ends at once)')
    .action((id, { reason, terminationDate }, command) => {
      const date = terminationDate === undefined ? {} : { termination_date: terminationDate };
      return changePolicy(sessionOf(command), id, { action: 'cancelled', reason, ...date });
    });
  policies
    .command('reactivate <id>')
    .description('takes a cancellation back')
    .action((id, _options, command) => changePolicy(sessionOf(command), id, { action: 'reactivated' }));
  return policies;
}

async function list(session: Session, options: FilterOptions & { limit: number }): Promise<void> {
  await withExistingStore(session, async (store) => {
    let seen = 0;
    for await (const page of policyPages(store, await filterOf(store, options), options.limit)) {
      if (page.length === 0) continue;
      seen += page.length;
      if (session.json) printLines(page.map((policy) => JSON.stringify(policyRecord(policy))));
      else printList(page.map(overview), { json: false, empty: '' });
    }
    if (seen === 0 && !session.json) printLines(['No policies yet.']);
  });
}

/** A policy in one line. */
export function overview(policy: Policy) {
  const { id, policy_number, account, mode, status, policyholder, premium, start_date, end_date } = policy;
  const name = `${policyholder.first_name} ${policyholder.last_name}`;
  const gross = `${(premium.gross / 100).toFixed(2)} ${premium.currency}`;
  return { id, policy_number, account, mode, status, policyholder: name, gross, start_date, end_date };
}

async function show(session: Session, id: string): Promise<void> {
  const policy = await withExistingStore(session, (store) => store.policy(id as PolicyId));
  if (!policy) throw unknownPolicy(id);
  printRecord(policyRecord(policy), session.json);
}
