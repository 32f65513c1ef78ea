import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { expiryOf } from '../domain/key-options.ts';
import { networkOf } from '../domain/network.ts';
import { type PublicKey, parsePublicKeys } from '../domain/public-key.ts';
import { printList } from './output.ts';
import { keyRecord } from './records.ts';
import { accountNamed, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

export function keyCommands(): Command {
  const key = new Command('key').description("a partner's SSH public keys");
  key
    .command('add <account> <file>')
    .description('one more key that may log in; a key added again gets these options instead of those it had')
    .addOption(expiresOption())
    .addOption(fromOption())
    .action((account, file, options, command) => add(sessionOf(command), account, file, options));
  key
    .command('list <account>')
    .description('the keys that may log in')
    .action((account, _options, command) => list(sessionOf(command), account));
  key
    .command('remove <account> <fingerprint>')
    .description('this key may not log in any more')
    .action((account, fingerprint, _options, command) => remove(sessionOf(command), account, fingerprint));
  return key;
}

type AddOptions = { expires?: number; from?: readonly string[] };

function expiresOption(): Option {
  return new Option(
    '--expires <date>',
    'the last day it may log in (2027-01-31, UTC), or the instant from which on it may not (2027-01-31T12:00:00Z)',
  ).argParser((text) => {
    const expiry = expiryOf(text);
    if (expiry === undefined) {
      throw new InvalidArgumentError(
        'A day such as 2027-01-31 or a time such as 2027-01-31T12:00:00Z is wanted.',
      );
    }
    if (expiry <= Date.now()) throw new InvalidArgumentError('That is over already.');
    return expiry;
  });
}

function fromOption(): Option {
  return new Option(
    '--from <network>',
    'only from this network or address (may be repeated; default: from anywhere)',
  ).argParser((text, earlier: readonly string[] = []) => {
    const network = networkOf(text);
    if (network !== undefined) return [...earlier, network];
    throw new InvalidArgumentError('A network such as 203.0.113.0/24 or an address is wanted.');
  });
}

/** The public keys of a file; a file that has none ends the command with the reason. */
export function readPublicKeys(file: string): PublicKey[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refused(`The key file cannot be read: ${(error as Error).message}`);
  }
  const keys = parsePublicKeys(text);
  if (!keys.ok) throw new Refused(`${file}: ${keys.message}`);
  return [...keys.value];
}

async function add(session: Session, name: string, file: string, options: AddOptions): Promise<void> {
  const keys = readPublicKeys(file).map((key) => limited(key, options));
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    for (const key of keys) await store.addKey(account.id, key, Date.now());
  });
  return list(session, name);
}

function limited(key: PublicKey, { expires = key.expires_at, from = key.from }: AddOptions): PublicKey {
  return { ...key, from, ...(expires !== undefined && { expires_at: expires }) };
}

async function list(session: Session, name: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const keys = await store.keys((await accountNamed(store, name)).id);
    printList(keys.map(keyRecord), { json: session.json, empty: `${name} has no key and cannot log in.` });
  });
}

async function remove(session: Session, name: string, fingerprint: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    if (!(await store.removeKey(account.id, fingerprint))) {
      throw new Refused(`${name} has no key ${fingerprint}. policydrop key list ${name} shows them.`);
    }
  });
  return list(session, name);
}
