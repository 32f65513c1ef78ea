// What `npm start` shows: a partner's file goes the whole way, for real, and then it is the reader's turn.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Import } from '../../domain/import.ts';
import { connectSftp, type SftpClient } from '../../sftp/client.ts';
import type { Received } from '../../webhooks/receiver.ts';
import type { Server } from '../server.ts';
import { demoPartner, type Partner } from './partner.ts';

const LOOK_EVERY = 100; // ms
const PATIENCE = 60_000; // ms: far more than settle, import, delivery and grace take together

/** Where the story is told; a terminal, or plain lines. */
export type Screen = {
  heading(text: string): void;
  done(text: string, detail?: string): void;
  /** Says what is being waited for until `until` resolves. */
  waiting<T>(text: string, until: Promise<T>): Promise<T>;
  policies(import_: Import): Promise<void>;
  commands(lines: readonly (readonly [command: string, meaning: string])[]): void;
  received(delivery: Received): void;
};

export type Demo = { stop(): Promise<void> };

/** Tells the story once the server runs; resolves when it is told or `stopping`, and stays for the webhooks to come. */
export async function runDemo(server: Server, screen: Screen, stopping: AbortSignal): Promise<Demo> {
  const inbox: Received[] = [];
  let told = false;
  const partner = await demoPartner(server, (delivery) =>
    told ? screen.received(delivery) : inbox.push(delivery),
  );
  const stop = () => partner.receiver.close();
  try {
    await tell({ server, partner, screen, inbox, stopping });
  } catch (error) {
    if (stopping.aborted) return { stop };
    await stop();
    throw error;
  }
  told = true;
  return { stop };
}

type Story = {
  readonly server: Server;
  readonly partner: Partner;
  readonly screen: Screen;
  readonly inbox: readonly Received[];
  readonly stopping: AbortSignal;
};

async function tell(story: Story): Promise<void> {
  const { server, partner, screen } = story;
  screen.heading('The demo');
  if (partner.isNew) screen.done('made the account demo with a fresh key', partner.keyFile);
  const earlier = await lastImport(server, partner);
  if (earlier?.state === 'completed') {
    screen.done('imported the example at an earlier start', earlier.file);
    await screen.policies(earlier);
  } else {
    await dropExample(story);
  }
  inviteToTry(server, partner, screen);
}

async function dropExample({ server, partner, screen, inbox, stopping }: Story): Promise<void> {
  const { settle, grace } = server.config;
  await using client = await connectSftp({
    host: server.config.host,
    port: server.sftpPort,
    username: partner.account.name,
    privateKey: await readFile(partner.keyFile, 'utf8'),
  });
  const bytes = await readFile(partner.example);
  await client.put(bytes, '/test/tickets.csv');
  screen.done(
    'dropped the published example into /test, over SFTP',
    `${partner.example}, ${bytes.length} bytes`,
  );

  const finished = await screen.waiting(
    `waiting ${settle / 1000} s, in case the upload goes on; then importing`,
    eventually(async () => {
      const last = await lastImport(server, partner);
      return last?.state === 'completed' || last?.state === 'rejected' ? last : undefined;
    }, stopping),
  );
  const { rows, created, duplicates, rejected } = finished;
  screen.done(`imported ${rows} rows: ${created} created, ${duplicates} duplicates, ${rejected} rejected`);
  await screen.policies(finished);

  await screen.waiting(
    'webhooks',
    eventually(async () => inbox.length >= created + rejected + 1 || undefined, stopping),
  );
  const types = Object.entries(Object.groupBy(inbox, (delivery) => delivery.type));
  const signatures = inbox.every((delivery) => delivery.isGenuine)
    ? 'signatures verified'
    : 'SIGNATURES WRONG';
  screen.done(
    `received webhooks: ${types.map(([type, all]) => `${all?.length} × ${type}`).join(', ')}`,
    signatures,
  );

  await screen.waiting(
    `the file moves ${grace / 1000} s after the last look at it`,
    eventually(async () => (await hasMoved(client)) || undefined, stopping),
  );
  screen.done('moved the file to /imports_processed, its report is in /imports_reports');
}

async function hasMoved(client: SftpClient): Promise<boolean> {
  return (await client.list('/')).includes('imports_processed');
}

function inviteToTry(server: Server, partner: Partner, screen: Screen): void {
  const { host } = server.config;
  const login = `sftp -P ${server.sftpPort} -i ${partner.keyFile} -o UserKnownHostsFile=${partner.knownHostsFile} ${partner.account.name}@${host}`;
  screen.heading('Your turn, in another terminal');
  screen.commands([
    [login, ''],
    [`put ${partner.example} test/`, 'the same file again: duplicates, no new policy'],
    ['ls -l imports_reports', 'a report for every file'],
  ]);
}

async function lastImport(server: Server, partner: Partner): Promise<Import | undefined> {
  const imports = await server.store.imports({ limit: 100, now: Date.now() });
  return imports.find((one) => one.account === partner.account.name && one.file === 'tickets.csv');
}

async function eventually<T>(look: () => Promise<T | undefined>, stopping: AbortSignal): Promise<T> {
  const deadline = Date.now() + PATIENCE;
  while (Date.now() < deadline) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(LOOK_EVERY, undefined, { signal: stopping });
  }
  throw new Error(`The demo waited ${PATIENCE / 1000} s in vain; the log lines above say why.`);
}
