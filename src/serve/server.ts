// Starts the stations in the order in which they need each other, and stops them in reverse.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.ts';
import { deriveKey } from '../config/master-key.ts';
import { startPrinter } from '../document/printer.ts';
import type { Account } from '../domain/account.ts';
import type { Log } from '../domain/log.ts';
import { ok, type Result } from '../domain/refusal.ts';
import { apiKeyAuthentication } from '../http/authentication/api-key.ts';
import { startHttp } from '../http/server.ts';
import { startImporter } from '../import/importer.ts';
import { createInbox } from '../inbox/inbox.ts';
import { openSpool } from '../inbox/small-files.ts';
import { startSftp } from '../sftp/server.ts';
import { serveLocalSessions } from '../sftp/subsystem/local-sessions.ts';
import { type HostKeys, loadHostKeys } from '../sftp/transport/host-key.ts';
import { type OpenStore, openStore } from '../store/open.ts';
import { lockDirectory } from '../store/sqlite/lock.ts';
import { contentOf } from '../webhooks/bodies.ts';
import { startReplays } from '../webhooks/replays.ts';
import { startSender } from '../webhooks/sender.ts';
import type { Vault } from '../webhooks/vault.ts';
import { publishShippedProducts } from './shipped-products.ts';
import { tidyRegularly } from './tidy.ts';
import { unlock } from './unlock.ts';
import { webhookFigures } from './webhook-figures.ts';

export type Server = {
  readonly config: Config;
  readonly store: OpenStore;
  readonly vault: Vault;
  readonly hostKeys: HostKeys;
  readonly sftpPort: number;
  readonly httpPort: number;
  /** Takes no new work, lets what is under way come to a safe point, and closes everything. */
  stop(): Promise<void>;
};

/** A running server on `config.data`; refused when another one runs there. What was started before a failure is stopped again. */
export async function startServer(config: Config, log: Log): Promise<Result<Server, 'locked'>> {
  await using started = new AsyncDisposableStack();
  mkdirSync(config.data, { recursive: true, mode: 0o700 });
  const lock = lockDirectory(config.data);
  if (!lock.ok) return lock;
  started.defer(() => lock.value.release());

  const clock = Date.now;
  const store = await openStore(config.data);
  started.defer(() => store.close());
  const { masterKey, vault } = await unlock(config, store);
  const spool = await openSpool(join(config.data, 'spool'), store);
  const { settle, grace } = config;
  const inbox = createInbox({ store, spool, settle, grace, clock });
  const hostKeys = await loadHostKeys(config.data);
  await publishShippedProducts(store, clock);
  await store.dropClaims();
  await inbox.recover();
  const tidying = tidyRegularly({ store, spool, log, clock }, config);
  started.defer(() => clearInterval(tidying));

  const importer = await startImporter({
    ports: store.ports,
    dataDir: config.data,
    grace,
    log,
  });
  started.defer(() => importer.stop());
  const printer = startPrinter();
  started.defer(() => printer.stop());
  let listening = false;
  const tally = { delivered: 0, failed: 0, given_up: 0 };
  const http = await startHttp({
    host: config.host,
    port: config.http.port,
    proxies: config.http.proxies,
    publicUrl: config.http.public_url,
    webhooks: () => webhookFigures(store, tally, clock()),
    checks: { store: () => store.ping(), sftp: async () => assertListening(listening) },
    documents: {
      links: { key: deriveKey(masterKey, 'document-links'), validity: config.http.document_validity },
      printer,
    },
    partner: {
      store,
      authenticate: apiKeyAuthentication(store, config.http, clock),
      payloadOf: contentOf,
      tokenKey: deriveKey(masterKey, 'quote-tokens'),
      validity: { quote: config.http.quote_validity, offer: config.http.offer_validity },
      openOffers: config.http.open_offers,
      clock,
    },
    log,
  });
  started.defer(() => http.close());
  const sender = startSender({
    store,
    vault,
    allow: config.webhooks.allow,
    links: http.links,
    clock,
    random: Math.random,
    log,
    tally,
  });
  started.defer(() => sender.stop());
  const replays = startReplays({ store, clock, log });
  started.defer(() => replays.stop());
  const sessions = {
    limits: config.sftp,
    lookup: async (name: string) => {
      const account = await store.account(name);
      if (!account) return undefined;
      const [keys, revocations] = await Promise.all([store.keys(account.id), store.revocations(account.id)]);
      return { account, keys, revocations };
    },
    dropFor: (account: Account) => inbox.dropFor(account),
    log,
    clock,
  };
  const local = await serveLocalSessions(config.data, sessions);
  started.defer(() => local.close());
  const sftp = await startSftp({
    host: config.host,
    port: config.sftp.port,
    olderMacs: config.sftp.older_macs,
    hostKeys,
    ...sessions,
  });
  started.defer(() => sftp.close());
  listening = true;

  const running = started.move();
  return ok({
    config,
    store,
    vault,
    hostKeys,
    sftpPort: sftp.port,
    httpPort: http.port,
    stop: () => running.disposeAsync(),
  });
}

function assertListening(listening: boolean): void {
  if (!listening) throw new Error('SFTP does not listen yet');
}
