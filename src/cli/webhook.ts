import { randomBytes } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';
import type { EndpointId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';
import { checkUrl } from '../webhooks/url.ts';
import { modesOf, modesOption } from './modes.ts';
import { printList, printRecord } from './output.ts';
import { endpointRecord } from './records.ts';
import { accountNamed, must, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

export function webhookCommands(): Command {
  const webhook = new Command('webhook').description("where a partner's events are sent");
  webhook
    .command('add <account> <url>')
    .description('a new endpoint; prints its signing secret, once')
    .addOption(
      new Option(
        '--event <type>',
        `send only this event (may be repeated; default: all): ${EVENT_TYPES.join(', ')}`,
      ).argParser(eventTypes),
    )
    .addOption(modesOption())
    .action((account, url, options, command) => add(sessionOf(command), account, url, options));
  webhook
    .command('list <account>')
    .description('the endpoints of a partner')
    .action((account, _options, command) => list(sessionOf(command), account));
  webhook
    .command('remove <account> <id>')
    .description('send nothing there any more')
    .action((account, id, _options, command) => remove(sessionOf(command), account, id));
  return webhook;
}

function eventTypes(value: string, earlier: readonly EventType[] = []): EventType[] {
  const type = EVENT_TYPES.find((one) => one === value);
  if (!type) throw new InvalidArgumentError(`There is no event "${value}".`);
  return [...earlier, type];
}

type AddOptions = { event?: EventType[]; mode: Mode | 'both' };

async function add(session: Session, name: string, url: string, options: AddOptions): Promise<void> {
  const modes = modesOf(options.mode);
  const address = must(checkUrl(url, { modes, allow: session.config.webhooks.allow }));
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    const events = options.event ?? EVENT_TYPES;
    const endpoint = await store.addEndpoint({
      account: account.id,
      url: address,
      events,
      modes,
      secret,
      now: Date.now(),
    });
    printRecord({ ...endpointRecord(endpoint), secret }, session.json);
  });
  if (!session.json) process.stderr.write('Keep the secret now: it is not shown again.\n');
}

async function list(session: Session, name: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const endpoints = await store.endpoints((await accountNamed(store, name)).id);
    printList(endpoints.map(endpointRecord), {
      json: session.json,
      empty: `${name} has no endpoint: policydrop webhook add ${name} URL`,
    });
  });
}

async function remove(session: Session, name: string, id: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    if (!(await store.removeEndpoint(account.id, id as EndpointId, Date.now()))) {
      throw new Refused(`${name} has no endpoint ${id}. policydrop webhook list ${name} shows them.`);
    }
  });
  return list(session, name);
}
