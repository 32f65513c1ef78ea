import { type Command, InvalidArgumentError, Option } from 'commander';
import { expiryOf } from '../../domain/key-options.ts';
import { MODES, type Mode } from '../../domain/mode.ts';
import { POLICY_STATUSES, type Policy, type PolicyStatus } from '../../domain/policy.ts';
import type { OpenStore } from '../../store/open.ts';
import type { PolicyFilter } from '../../store/policy-store.ts';
import { accountNamed, importOf } from '../session.ts';
import { timeOption } from '../time-option.ts';

const PAGE = 1_000; // policies read at once: a list of any length in bounded memory

export type FilterOptions = {
  readonly account?: string;
  readonly mode?: Mode;
  readonly import?: string;
  readonly status?: PolicyStatus;
  readonly from?: number;
  readonly to?: number;
};

/** Gives a command the options by which policies are chosen. */
export function withFilter(command: Command): Command {
  return command
    .option('--account <name>', 'only of this partner')
    .addOption(new Option('--mode <mode>', 'only of this mode').choices(MODES))
    .option('--import <id>', 'only of this import')
    .addOption(new Option('--status <status>', 'only these').choices(POLICY_STATUSES))
    .addOption(timeOption('--from <time>', 'bought then or later'))
    .addOption(
      new Option(
        '--to <date>',
        'bought on this day or earlier, or before this instant (2026-11-30T12:00:00Z)',
      ).argParser(endOf),
    );
}

function endOf(text: string): number {
  const end = expiryOf(text);
  if (end !== undefined) return end;
  throw new InvalidArgumentError(
    'A day such as 2026-11-01 or a time such as 2026-11-01T12:00:00Z is wanted.',
  );
}

/** The options as the store takes them; an unknown account or import ends the command. */
export async function filterOf(
  store: OpenStore,
  options: FilterOptions,
): Promise<Omit<PolicyFilter, 'limit'>> {
  const { account, mode, status, from, to } = options;
  return {
    ...(account !== undefined && { account: (await accountNamed(store, account)).id }),
    ...(mode && { mode }),
    ...(options.import !== undefined && { import: (await importOf(store, options.import)).id }),
    ...(status && { status }),
    ...(from !== undefined && { created_from: from }),
    ...(to !== undefined && { created_before: to }),
  };
}

/** The policies that fit, newest first, in pages; at most `limit`. A page may be empty. */
export async function* policyPages(
  store: OpenStore,
  filter: Omit<PolicyFilter, 'limit'>,
  limit = Number.MAX_SAFE_INTEGER,
): AsyncGenerator<readonly Policy[]> {
  let page = await store.policies({ ...filter, limit: Math.min(limit, PAGE) });
  for (let left = limit; ; ) {
    yield page.policies;
    left -= page.policies.length;
    if (!page.next || left === 0) return;
    page = await store.policies({ ...filter, before: page.next, limit: Math.min(left, PAGE) });
  }
}
