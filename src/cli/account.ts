import { Command, Option } from 'commander';
import { BAD_ROWS, type BadRows, isScannerName } from '../domain/account.ts';
import type { Mode } from '../domain/mode.ts';
import { readPublicKeys } from './key.ts';
import { limitOption } from './limit.ts';
import { collect, modesOf, modesOption } from './modes.ts';
import { printList, printRecord } from './output.ts';
import { accountRecord, keyRecord } from './records.ts';
import {
  accountNamed,
  must,
  Refused,
  type Session,
  sessionOf,
  withExistingStore,
  withStore,
} from './session.ts';

const ACCOUNT_NAME = /^[a-z0-9][a-z0-9._-]{2,62}$/i; // safe in paths, logs and every SFTP client's site manager

export function accountCommands(): Command {
  const account = new Command('account').description(
    'partners: who may log in, in which mode, for which integrations',
  );
  account
    .command('add <name>')
    .description('a new partner; NAME is the SFTP user name')
    .requiredOption('--key <file>', 'the SSH public key, as ssh-keygen writes it (id_ed25519.pub)')
    .option('--integration <id>', 'allow only this integration (may be repeated; default: all)', collect, [])
    .addOption(modesOption())
    .addOption(badRowsOption().default('reject-rows'))
    .action((name, options, command) => add(sessionOf(command), name, options));
  account
    .command('list')
    .description('all partners')
    .addOption(limitOption())
    .action((options, command) => list(sessionOf(command), options.limit));
  account
    .command('show <name>')
    .description('one partner with its keys')
    .action((name, _options, command) => show(sessionOf(command), name));
  account
    .command('set <name>')
    .description('change what holds for the files of a partner from now on')
    .addOption(badRowsOption().makeOptionMandatory())
    .action((name, options, command) => set(sessionOf(command), name, options.badRows));
  account
    .command('disable <name>')
    .description('no more logins; nothing is deleted')
    .action((name, _options, command) => setDisabled(sessionOf(command), name, true));
  account
    .command('enable <name>')
    .description('logins again')
    .action((name, _options, command) => setDisabled(sessionOf(command), name, false));
  return account;
}

function badRowsOption(): Option {
  const description = 'what a bad row means for the others of its file: nothing, or that none is imported';
  return new Option('--bad-rows <policy>', description).choices(BAD_ROWS);
}

type AddOptions = { key: string; integration: string[]; mode: Mode | 'both'; badRows: BadRows };

async function add(session: Session, name: string, options: AddOptions): Promise<void> {
  if (!ACCOUNT_NAME.test(name) || isScannerName(name)) {
    const form =
      'use 3 to 63 letters, digits, dots, dashes or underscores, and no name that scanners try, such as admin';
    throw new Refused(`"${name}" cannot be an account name: ${form}.`, true);
  }
  const keys = readPublicKeys(options.key);
  await withStore(session, async (store) => {
    const { integration: integrations, mode, badRows: bad_rows } = options;
    const account = must(
      await store.addAccount({ name, modes: modesOf(mode), integrations, bad_rows, keys, now: Date.now() }),
    );
    printRecord({ ...accountRecord(account), keys: keys.map((key) => key.fingerprint) }, session.json);
  });
}

async function list(session: Session, limit: number): Promise<void> {
  const accounts = await withExistingStore(session, (store) => store.accounts(limit));
  printList(accounts.map(accountRecord), {
    json: session.json,
    empty: 'No accounts yet: policydrop account add NAME --key FILE',
  });
}

async function show(session: Session, name: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    const keys = (await store.keys(account.id)).map(keyRecord);
    const revoked = (await store.revocations(account.id)).map((one) => one.revoked);
    const shown = session.json ? keys : keys.map(summaryOf);
    printRecord({ ...accountRecord(account), keys: shown, revoked }, session.json);
  });
}

/** A key in a few words: its fingerprint and its limits. */
function summaryOf({ fingerprint, principals, from, expires_at }: ReturnType<typeof keyRecord>): string {
  const limits = [
    ...(principals ? [`certifies ${principals.join(', ')}`] : []),
    ...(from.length > 0 ? [`from ${from.join(', ')}`] : []),
    ...(expires_at ? [`until ${expires_at}`] : []),
  ];
  return limits.length === 0 ? fingerprint : `${fingerprint} (${limits.join('; ')})`;
}

async function set(session: Session, name: string, bad_rows: BadRows): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    await store.setBadRows(account.id, bad_rows);
    printRecord(accountRecord({ ...account, bad_rows }), session.json);
  });
}

async function setDisabled(session: Session, name: string, disabled: boolean): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    await store.setAccountDisabled(account.id, disabled);
    printRecord(accountRecord({ ...account, disabled }), session.json);
  });
}
