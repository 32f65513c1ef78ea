import { Command, Option } from 'commander';
import { DELIVERY_STATES } from '../../store/delivery-store.ts';
import { eventOption } from '../event-option.ts';
import { limitOption } from '../limit.ts';
import { sessionOf } from '../session.ts';
import { timeOption } from '../time-option.ts';
import { list, show } from './delivery.ts';
import { replay } from './replay.ts';
import { cancel, replays } from './replays.ts';

export function deliveryCommands(): Command {
  const delivery = new Command('delivery').description('what was sent to endpoints, and what came of it');
  delivery
    .command('list')
    .description('the newest deliveries of a partner')
    .requiredOption('--account <name>', 'of this partner')
    .option('--endpoint <id>', 'to this endpoint only')
    .addOption(new Option('--state <state>', 'only these').choices(DELIVERY_STATES))
    .addOption(limitOption())
    .action((options, command) => list(sessionOf(command), options));
  delivery
    .command('show <id>')
    .description('one delivery, with every attempt that failed')
    .action((id, _options, command) => show(sessionOf(command), id));
  delivery
    .command('replay [id]')
    .description('send again what a delivery holds, or what was given up or happened in a time')
    .option('--account <name>', 'without an ID: to the endpoints of this partner')
    .option('--endpoint <id>', 'to this endpoint only')
    .option('--failed', 'what was given up in that time; without it everything that happened in it')
    .addOption(timeOption('--since <time>', 'from then on'))
    .addOption(timeOption('--until <time>', 'before then (default: now)'))
    .addOption(eventOption('only this event'))
    .option('--dry-run', 'only say how much that is')
    .option('--wait', 'until all is handed to sending, with a progress bar')
    .action((id, options, command) => replay(sessionOf(command), id, options));
  delivery
    .command('replays')
    .description('the newest replays of a partner, and how far they are')
    .requiredOption('--account <name>', 'of this partner')
    .addOption(limitOption())
    .action((options, command) => replays(sessionOf(command), options));
  delivery
    .command('cancel <replay>')
    .description('end a replay; what it has handed to sending is sent')
    .action((id, _options, command) => cancel(sessionOf(command), id));
  return delivery;
}
