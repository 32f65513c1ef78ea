import { randomBytes } from 'node:crypto';
import { Command, Option } from 'commander';
import { newApiKey } from '../domain/api-key.ts';
import { MODES, type Mode } from '../domain/mode.ts';
import { expiresOption } from './key-options.ts';
import { printList, printRecord } from './output.ts';
import { apiKeyRecord } from './records.ts';
import { accountNamed, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

export function apikeyCommands(): Command {
  const apikey = new Command('apikey').description("a partner's secret keys for the REST API");
  apikey
    .command('create <account>')
    .description('a new key; prints it, once')
    .addOption(
      new Option('--mode <mode>', 'test: what it buys is not in force; live: it is')
        .choices(MODES)
        .makeOptionMandatory(),
    )
    .addOption(expiresOption('is accepted'))
    .action((account, options, command) => create(sessionOf(command), account, options));
  apikey
    .command('list <account>')
    .description('the keys of a partner, by the names that they begin with')
    .action((account, _options, command) => list(sessionOf(command), account));
  apikey
    .command('remove <account> <name>')
    .description('this key is refused from now on; NAME is how it begins, as the list shows it')
    .action((account, name, _options, command) => remove(sessionOf(command), account, name));
  return apikey;
}

type CreateOptions = { mode: Mode; expires?: number };

async function create(session: Session, name: string, { mode, expires }: CreateOptions): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    if (!account.modes.includes(mode))
      throw new Refused(`${name} is for ${account.modes.join(' and ')} only: no key for ${mode}.`);
    const { text: key, proof } = newApiKey(mode, randomBytes);
    const now = Date.now();
    const limited = { ...proof, expires_at: expires };
    await store.addApiKey(account.id, limited, now);
    printRecord({ ...apiKeyRecord({ ...limited, created_at: now }), key }, session.json);
  });
  if (!session.json) process.stderr.write('Keep the key now: it is not shown again.\n');
}

async function list(session: Session, name: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const keys = await store.apiKeys((await accountNamed(store, name)).id);
    printList(keys.map(apiKeyRecord), {
      json: session.json,
      empty: `${name} has no API key: policydrop apikey create ${name} --mode test`,
    });
  });
}

async function remove(session: Session, name: string, key: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    if (!(await store.removeApiKey(account.id, key)))
      throw new Refused(`${name} has no API key of that name. policydrop apikey list ${name} shows them.`);
  });
  return list(session, name);
}
