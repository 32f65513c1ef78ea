import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { type PublicKey, parsePublicKeys } from '../domain/public-key.ts';
import { printList } from './output.ts';
import { keyRecord } from './records.ts';
import { accountNamed, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

export function keyCommands(): Command {
  const key = new Command('key').description("a partner's SSH public keys");
  key
    .command('add <account> <file>')
    .description('one more key that may log in')
    .action((account, file, _options, command) => add(sessionOf(command), account, file));
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

async function add(session: Session, name: string, file: string): Promise<void> {
  const keys = readPublicKeys(file);
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    for (const key of keys) await store.addKey(account.id, key, Date.now());
  });
  return list(session, name);
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
