import { Command } from 'commander';
import { durationOption } from '../duration.ts';
import { eventOption } from '../event-option.ts';
import { modesOption } from '../modes.ts';
import { sessionOf } from '../session.ts';
import { list, pause, remove, resume, show } from './endpoint.ts';
import { renewAllLost, rotate } from './secrets.ts';
import { add, batchOption, descriptionOption, update } from './settings.ts';
import { sendTest } from './test.ts';

export function webhookCommands(): Command {
  const webhook = new Command('webhook').description("where a partner's events are sent");
  webhook
    .command('add <account> <url>')
    .description('a new endpoint; prints its signing secret, once')
    .addOption(eventOption('send only this event'))
    .addOption(modesOption())
    .addOption(batchOption())
    .addOption(descriptionOption())
    .option('--ed25519', 'sign with a key pair as well; prints the public key')
    .action((account, url, options, command) => add(sessionOf(command), account, url, options));
  webhook
    .command('list <account>')
    .description('the endpoints of a partner')
    .action((account, _options, command) => list(sessionOf(command), account));
  webhook
    .command('show <account> <id>')
    .description('one endpoint in full, with what waits for it')
    .action((account, id, _options, command) => show(sessionOf(command), account, id));
  webhook
    .command('update <account> <id>')
    .description('change what holds from now on; what is not given stays as it is')
    .option('--url <url>', 'send there instead, also what waits')
    .addOption(eventOption('send only this event'))
    .addOption(modesOption({ isChange: true }))
    .addOption(batchOption())
    .addOption(descriptionOption())
    .action((account, id, options, command) => update(sessionOf(command), account, id, options));
  webhook
    .command('pause <account> <id>')
    .description('send nothing there until it is resumed; what happens meanwhile waits')
    .action((account, id, _options, command) => pause(sessionOf(command), account, id));
  webhook
    .command('resume <account> <id>')
    .description('send again, and at once what waits: after a pause, or when the endpoint was disabled')
    .action((account, id, _options, command) => resume(sessionOf(command), account, id));
  webhook
    .command('rotate <account> <id>')
    .description('a new signing secret; the one before signs too, for a while')
    .addOption(
      durationOption('--overlap <time>', 'how long (default: webhooks.secret_overlap, 24h); 0s ends it now'),
    )
    .option('--ed25519', 'sign with a key pair as well from now on')
    .option('--no-ed25519', 'with none any more')
    .action((account, id, options, command) => rotate(sessionOf(command), account, id, options));
  webhook
    .command('renew-lost')
    .description(
      'when the master key is lost: new secrets for all endpoints that had theirs encrypted with it',
    )
    .action((_options, command) => renewAllLost(sessionOf(command)));
  webhook
    .command('test <account> <id>')
    .description('send a signed example at once, and say what came of it')
    .addOption(eventOption('an example of this event', { isOne: true }))
    .action((account, id, options, command) => sendTest(sessionOf(command), account, id, options));
  webhook
    .command('remove <account> <id>')
    .description('send nothing there any more')
    .action((account, id, _options, command) => remove(sessionOf(command), account, id));
  return webhook;
}
