import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { Fingerprint, Revoked } from '../domain/account.ts';
import { certificateIn } from '../domain/certificate.ts';
import { fingerprintOf, type PublicKey, parsePublicKeys } from '../domain/public-key.ts';
import { expiresOption, fromOption, principalOption, serialOption } from './key-options.ts';
import { printList } from './output.ts';
import { keyRecord, revocationRecord } from './records.ts';
import { accountNamed, Refused, type Session, sessionOf, withExistingStore } from './session.ts';

export function keyCommands(): Command {
  const key = new Command('key').description("a partner's SSH public keys and certificate authorities");
  key
    .command('add <account> <file>')
    .description('one more key that may log in; a key added again gets these options instead of those it had')
    .addOption(expiresOption('logs in'))
    .addOption(fromOption())
    .option('--ca', 'the key does not log in itself: the keys that it certifies do')
    .addOption(principalOption())
    .action((account, file, options, command) => add(sessionOf(command), account, file, options));
  key
    .command('list <account>')
    .description('the keys that may log in, and what is revoked')
    .action((account, _options, command) => list(sessionOf(command), account));
  key
    .command('remove <account> <fingerprint>')
    .description('this key may not log in any more')
    .action((account, fingerprint, _options, command) => remove(sessionOf(command), account, fingerprint));
  key
    .command('revoke <account> [key]')
    .description(
      'for good: a key, also in certificates (KEY: its file, a certificate or a fingerprint), or serials',
    )
    .addOption(serialOption())
    .action((account, what, options, command) => revoke(sessionOf(command), account, what, options));
  return key;
}

/** The public keys of a file; a file that has none ends the command with the reason. */
export function readPublicKeys(file: string): PublicKey[] {
  const keys = parsePublicKeys(readKeyFile(file));
  if (!keys.ok) throw new Refused(`${file}: ${keys.message}`);
  return [...keys.value];
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Refused(`The key file cannot be read: ${(error as Error).message}`);
  }
}

type AddOptions = { expires?: number; from?: readonly string[]; ca?: true; principal?: readonly string[] };

async function add(session: Session, name: string, file: string, options: AddOptions): Promise<void> {
  if (options.principal && !options.ca) throw new Refused('--principal is for authorities: add --ca.', true);
  const keys = readPublicKeys(file).map((key) => withOptions(key, name, options));
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    const revoked = new Set<string>((await store.revocations(account.id)).map((one) => one.revoked));
    for (const { fingerprint } of keys) {
      if (revoked.has(fingerprint))
        throw new Refused(`${fingerprint} is revoked for ${name}. Ask for a new key.`);
    }
    for (const key of keys) await store.addKey(account.id, key, Date.now());
  });
  return list(session, name);
}

function withOptions(key: PublicKey, account: string, options: AddOptions): PublicKey {
  const { expires = key.expires_at, from = key.from, ca, principal = [account] } = options;
  return {
    ...key,
    from,
    ...(expires !== undefined && { expires_at: expires }),
    ...(ca && { principals: principal }),
  };
}

async function list(session: Session, name: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const { id } = await accountNamed(store, name);
    const keys = await store.keys(id);
    printList(keys.map(keyRecord), { json: session.json, empty: `${name} has no key and cannot log in.` });
    const revocations = await store.revocations(id);
    if (revocations.length > 0)
      printList(revocations.map(revocationRecord), { json: session.json, empty: '' });
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

type RevokeOptions = { serial?: readonly bigint[] };

async function revoke(
  session: Session,
  name: string,
  key: string | undefined,
  { serial = [] }: RevokeOptions,
): Promise<void> {
  const serials = serial.map((one): Revoked => `serial ${one}`);
  const what = [...(key === undefined ? [] : fingerprintsIn(key)), ...serials];
  if (what.length === 0)
    throw new Refused('Name what is revoked: a key or certificate file, or --serial N.', true);
  await withExistingStore(session, async (store) => {
    const account = await accountNamed(store, name);
    await store.revoke(account.id, what, Date.now());
  });
  return list(session, name);
}

/** A fingerprint as it is, or those of the keys in a file; in a certificate it is the certified key that is meant. */
function fingerprintsIn(key: string): Revoked[] {
  if (isFingerprint(key)) return [key];
  const certificate = certificateIn(readKeyFile(key));
  return certificate
    ? [fingerprintOf(certificate.key)]
    : readPublicKeys(key).map(({ fingerprint }) => fingerprint);
}

function isFingerprint(text: string): text is Fingerprint {
  return /^SHA256:[A-Za-z0-9+/]{43}$/.test(text);
}
