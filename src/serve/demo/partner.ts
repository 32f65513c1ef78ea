// The demo's partner: an account with a fresh key pair, the published example, and a webhook receiver.
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Account } from '../../domain/account.ts';
import { EVENT_TYPES } from '../../domain/event.ts';
import { MODES } from '../../domain/mode.ts';
import { parsePublicKeys } from '../../domain/public-key.ts';
import { generateKeyPair } from '../../sftp/transport/ssh2/ssh2.ts';
import { addEndpoint, newSecrets, openSecrets } from '../../webhooks/endpoints.ts';
import { type Received, type Receiver, startReceiver } from '../../webhooks/receiver.ts';
import type { Server } from '../server.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/tickets.csv', import.meta.url));
const NAME = 'demo';

export type Partner = {
  readonly account: Account;
  readonly isNew: boolean;
  readonly keyFile: string;
  readonly knownHostsFile: string;
  readonly example: string;
  readonly receiver: Receiver;
};

/** The account `demo` with all that belongs to it; made when it is not there yet. */
export async function demoPartner(server: Server, received: (delivery: Received) => void): Promise<Partner> {
  const directory = join(server.config.data, 'demo');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const files = {
    keyFile: join(directory, 'id_ed25519'),
    knownHostsFile: join(directory, 'known_hosts'),
    example: join(directory, 'tickets.csv'),
  };
  const { config, hostKeys, sftpPort } = server;
  await writeFile(files.knownHostsFile, `[${config.host}]:${sftpPort} ${hostKeys[0].publicKey}\n`);
  await copyFile(EXAMPLE, files.example);
  const existing = await server.store.account(NAME);
  const account = existing ?? (await addAccount(server, files.keyFile));
  const receiver = await receiverOf(server, account, received);
  return { account, isNew: !existing, ...files, receiver };
}

async function addAccount({ store }: Server, keyFile: string): Promise<Account> {
  if (!existsSync(keyFile)) {
    const pair = generateKeyPair(NAME);
    await writeFile(keyFile, pair.private, { mode: 0o600 });
    await writeFile(`${keyFile}.pub`, `${pair.public}\n`);
  }
  const keys = parsePublicKeys(await readFile(`${keyFile}.pub`, 'utf8'));
  if (!keys.ok) throw new Error(keys.message);
  const account = await store.addAccount({
    name: NAME,
    modes: MODES,
    integrations: [],
    keys: keys.value,
    now: Date.now(),
  });
  if (!account.ok) throw new Error(account.message);
  return account.value;
}

/** The receiver listens where the account's endpoint points to; when it cannot any more, the endpoint is made anew. */
async function receiverOf(
  { store, vault }: Server,
  account: Account,
  received: (delivery: Received) => void,
): Promise<Receiver> {
  let secrets: readonly string[] = []; // until they are known, nothing is verified
  const answer = (delivery: Received) => {
    received(delivery);
    return delivery.isGenuine ? 204 : 400;
  };
  const listen = (port: number) => startReceiver({ port, secrets: () => secrets, clock: Date.now, answer });
  const [endpoint] = await store.endpoints(account.id);
  const receiver = await listen(endpoint ? Number(new URL(endpoint.url).port) : 0).catch(() => listen(0));
  const url = `http://127.0.0.1:${receiver.port}/webhooks`;
  if (endpoint?.url === url) {
    secrets = openSecrets(endpoint, vault, Date.now());
    return receiver;
  }
  if (endpoint) await store.removeEndpoint(account.id, endpoint.id, Date.now());
  secrets = newSecrets({ ed25519: false });
  const settings = { account: account.id, url, description: '', events: EVENT_TYPES, modes: MODES, batch: 1 };
  const added = await addEndpoint({ store, vault }, { ...settings, secrets, now: Date.now() });
  if (!added.ok) throw new Error(added.message);
  return receiver;
}
