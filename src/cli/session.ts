import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Config, loadConfig } from '../config/config.ts';
import type { Account } from '../domain/account.ts';
import type { ImportId } from '../domain/ids.ts';
import type { Import } from '../domain/import.ts';
import type { Result } from '../domain/refusal.ts';
import { type OpenStore, openStore } from '../store/open.ts';

/** A command that ends with a sentence on stderr and exit code 1, or 2 for wrong usage. */
export class Refused extends Error {
  readonly usage: boolean;
  constructor(message: string, usage = false) {
    super(message);
    this.usage = usage;
  }
}

/** The value of a result; a refusal ends the command with its message. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Refused(result.message);
  return result.value;
}

/** What every command knows of its surroundings. */
export type Session = { readonly config: Config; readonly json: boolean };

/** The global options of a command line, as settings. `flags` are the command's own, by setting name. */
export function sessionOf(command: Command, flags: Record<string, string | undefined> = {}): Session {
  const options = command.optsWithGlobals<{ data?: string; config?: string; json?: boolean }>();
  const config = loadConfig({
    flags: { data: options.data, ...flags },
    env: process.env,
    file:
      options.config === undefined ? undefined : { name: options.config, text: readSettings(options.config) },
  });
  if (!config.ok) throw new Refused(config.message, true);
  return { config: config.value, json: options.json === true };
}

function readSettings(file: string): string {
  if (!existsSync(file)) throw new Refused(`There is no file ${file}; --config names a YAML file.`, true);
  return readFileSync(file, 'utf8');
}

/** Opens the store for the length of `use`; a directory that no server has ever used is refused. */
export async function withStore<T>(session: Session, use: (store: OpenStore) => Promise<T>): Promise<T> {
  const store = await openStore(session.config.data);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Like `withStore`, for commands that only make sense where something is kept already. */
export function withExistingStore<T>(session: Session, use: (store: OpenStore) => Promise<T>): Promise<T> {
  const { data } = session.config;
  if (!existsSync(join(data, 'policydrop.db'))) {
    throw new Refused(
      `There is nothing in ${data} yet. Is --data right? policydrop account add makes a first account.`,
    );
  }
  return withStore(session, use);
}

/** The account of that name; an unknown one ends the command. */
export async function accountNamed(store: OpenStore, name: string): Promise<Account> {
  const account = await store.account(name);
  if (!account) throw new Refused(`There is no account "${name}". policydrop account list shows them.`);
  return account;
}

export async function importOf(store: OpenStore, id: string): Promise<Import> {
  const found = await store.import(id as ImportId, Date.now());
  if (!found) throw new Refused(`There is no import ${id}. policydrop imports list shows them.`);
  return found;
}
