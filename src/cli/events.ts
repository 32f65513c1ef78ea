import { Command, Option } from 'commander';
import { EVENT_TYPES, type Event, type EventType } from '../domain/event.ts';
import type { EventId } from '../domain/ids.ts';
import { MODES, type Mode } from '../domain/mode.ts';
import { contentOf } from '../webhooks/bodies.ts';
import { eventOption } from './event-option.ts';
import { limitOption } from './limit.ts';
import { linksOf } from './links.ts';
import { printList } from './output.ts';
import { instant } from './records.ts';
import { accountNamed, must, type Session, sessionOf } from './session.ts';
import { withVault } from './vault.ts';

export function eventsCommands(): Command {
  const events = new Command('events').description('what happened, as webhooks tell it');
  events
    .command('list')
    .description('events of a partner, the oldest first; with --json with what webhooks send of them')
    .requiredOption('--account <name>', 'of this partner')
    .addOption(new Option('--mode <mode>', 'of this mode').choices(MODES).makeOptionMandatory())
    .addOption(eventOption('only this event'))
    .option('--after <id>', 'only those after this event')
    .addOption(limitOption())
    .action((options, command) => list(sessionOf(command), options));
  return events;
}

type ListOptions = { account: string; mode: Mode; event?: EventType[]; after?: EventId; limit: number };

async function list(session: Session, options: ListOptions): Promise<void> {
  const { mode, event: types = EVENT_TYPES, limit } = options;
  await withVault(session, async ({ store, masterKey }) => {
    const links = linksOf(session, masterKey);
    const account = (await accountNamed(store, options.account)).id;
    const found: Event[] = [];
    let { after } = options;
    let more = true;
    while (more && found.length < limit) {
      const left = limit - found.length;
      const page = must(await store.events({ account, mode, after, types, limit: left, now: Date.now() }));
      found.push(...page.events);
      ({ after, more } = page);
    }
    const rows = found.map((event) => ({
      id: event.id,
      type: event.type,
      created_at: instant(event.created_at),
      ...(session.json ? { data: contentOf(event, links) } : { about: subjectOf(event) }),
    }));
    printList(rows, { json: session.json, empty: 'No events.' });
  });
}

function subjectOf(event: Event): string {
  if ('policy' in event) return event.policy.id;
  if ('endpoint' in event) return event.endpoint.id;
  const { id, file } = event.import;
  return 'rejection' in event ? `${id}, ${file}, row ${event.rejection.row}` : `${id}, ${file}`;
}
