import { Command } from 'commander';
import { type Endpoint, validSecrets } from '../domain/endpoint.ts';
import { EVENT_TYPES, type EventType } from '../domain/event.ts';
import type { EndpointId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';
import type { OpenStore } from '../store/open.ts';
import { addEndpoint, newSecrets, rotateSecrets } from '../webhooks/endpoints.ts';
import { kindOf, publicKeyOf } from '../webhooks/secret.ts';
import { checkUrl } from '../webhooks/url.ts';
import { durationOption } from './duration.ts';
import { eventOption } from './event-option.ts';
import { modesOf, modesOption } from './modes.ts';
import { printList, printRecord } from './output.ts';
import { endpointRecord, instant } from './records.ts';
import { accountNamed, must, Refused, type Session, sessionOf, withExistingStore } from './session.ts';
import { withVault } from './vault.ts';

export function webhookCommands(): Command {
  const webhook = new Command('webhook').description("where a partner's events are sent");
  webhook
    .command('add <account> <url>')
    .description('a new endpoint; prints its signing secret, once')
    .addOption(eventOption('send only this event'))
    .addOption(modesOption())
    .option('--ed25519', 'sign with a key pair as well; prints the public key')
    .action((account, url, options, command) => add(sessionOf(command), account, url, options));
  webhook
    .command('list <account>')
    .description('the endpoints of a partner')
    .action((account, _options, command) => list(sessionOf(command), account));
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
    .command('remove <account> <id>')
    .description('send nothing there any more')
    .action((account, id, _options, command) => remove(sessionOf(command), account, id));
  return webhook;
}

type AddOptions = { event?: EventType[]; mode: Mode | 'both'; ed25519?: true };

async function add(session: Session, name: string, url: string, options: AddOptions): Promise<void> {
  const modes = modesOf(options.mode);
  const address = must(checkUrl(url, { modes, allow: session.config.webhooks.allow }));
  const secrets = newSecrets({ ed25519: options.ed25519 === true });
  await withVault(session, async (opened) => {
    const account = await accountNamed(opened.store, name);
    const events = options.event ?? EVENT_TYPES;
    const settings = { account: account.id, url: address, events, modes };
    const endpoint = must(await addEndpoint(opened, { ...settings, secrets, now: Date.now() }));
    printRecord({ ...endpointRecord(endpoint), ...secretRecord(secrets) }, session.json);
  });
  keepSecretNow(session);
}

type RotateOptions = { overlap?: number; ed25519?: boolean };

async function rotate(session: Session, name: string, id: string, options: RotateOptions): Promise<void> {
  const { overlap = session.config.webhooks.secret_overlap } = options;
  await withVault(session, async (opened) => {
    const endpoint = await endpointOf(opened.store, name, id);
    const now = Date.now();
    const had = validSecrets(endpoint, now).some(({ kind }) => kind === 'ed25519');
    const secrets = newSecrets({ ed25519: options.ed25519 ?? had });
    must(await rotateSecrets(opened, endpoint.id, { secrets, overlap, now }));
    const rotated = await endpointOf(opened.store, name, id);
    const before_until = instant(now + overlap);
    printRecord({ ...endpointRecord(rotated), before_until, ...secretRecord(secrets) }, session.json);
  });
  keepSecretNow(session);
}

/** What is shown once of new secrets; a public key is none. */
function secretRecord(secrets: readonly string[]) {
  const secret = secrets.find((one) => kindOf(one) === 'hmac');
  const key = secrets.find((one) => kindOf(one) === 'ed25519');
  return { secret, ...(key !== undefined && { public_key: publicKeyOf(key) }) };
}

function keepSecretNow({ json }: Session): void {
  if (!json) process.stderr.write('Keep the secret now: it is not shown again.\n');
}

async function endpointOf(store: OpenStore, name: string, id: string): Promise<Endpoint> {
  const account = await accountNamed(store, name);
  const endpoint = await store.endpoint(account.id, id as EndpointId);
  if (!endpoint)
    throw new Refused(`${name} has no endpoint ${id}. policydrop webhook list ${name} shows them.`);
  return endpoint;
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
