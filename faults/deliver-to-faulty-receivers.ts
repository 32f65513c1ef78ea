import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openStore } from '../src/store/open.ts';
import { eventually, Site } from '../test/journey/a-server.ts';
import { writeTickets } from '../test/journey/many-tickets.ts';
import { run } from '../test/sftp/an-sftp-server.ts';
import { type FaultyReceiver, startFaultyReceiver } from './faulty-receiver.ts';
import { brokenInvariants } from './invariants.ts';

const PATIENCE = 120_000; // ms without anything new
const SLOWEST_IMPORT = 10_000; // ms; one of some hundred rows takes far below one second
const KEPT_ALIVE = 20; // sockets that may be left: what is kept alive for the next delivery, HTTP, SFTP

type Options = { seconds: number; rows: number; say: (line: string) => void };
type ImportRecord = { state: string; started_at: string; completed_at: string };

/**
 * Imports files of `rows` rows for `seconds`, for an account with an endpoint for each fault and one that is well. Throws when
 * an import is held up, an event does not reach the one that is well, one is lost to another, or sockets are left over.
 */
export async function deliverToFaultyReceivers({ seconds, rows, say }: Options): Promise<void> {
  const site = new Site();
  const receiver = await startFaultyReceiver(site.directory);
  try {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    for (const url of receiver.urls.values())
      site.cli('webhook', 'add', 'partner', url, '--event', 'policy.created');
    const server = await site.start();
    const pid = server.child.pid ?? 0;
    const end = Date.now() + seconds * 1000;
    let files = 0;
    for (; files === 0 || Date.now() < end; files++) await importOne(site, `tickets-${files}.csv`, rows);
    const events = files * rows;
    await eventually(() => receiver.acknowledged.get('good')?.size === events, PATIENCE);
    say(
      `${files} files of ${rows} rows were imported, and each of ${events} events reached the receiver that is well; ${socketsOf(pid)} sockets are open`,
    );
    await repairAll(site, receiver);
    await untilAllHave(events, receiver);
    assertKept(site, events);
    say('repaired and resumed, every other received each of them; those for the wrong certificate are kept');
    await eventually(() => socketsOf(pid) <= KEPT_ALIVE, PATIENCE);
    say(`${socketsOf(pid)} sockets are open in the end`);
    const broken = brokenInvariants(site.data);
    if (broken.length > 0) throw new Error(`broken invariants:\n${broken.join('\n')}`);
  } finally {
    await site.remove();
    receiver.close();
  }
}

/** The receiver lives in this process, which therefore must not wait for another without hearing requests. */
async function importOne(site: Site, name: string, rows: number): Promise<void> {
  const path = join(site.directory, name);
  writeTickets(path, rows, name);
  const sftp = ['-b', '-', ...site.sshOptions(), 'partner@127.0.0.1'];
  const { status, stderr } = await run('sftp', sftp, `put ${path} test/\n`);
  if (status !== 0) throw new Error(`the upload failed: ${stderr}`);
  const done = await eventually(async () => {
    const { stdout } = await site.cliBeside('--json', 'imports', 'list', '--limit', '1');
    const newest = JSON.parse(stdout) as ImportRecord;
    return newest.state === 'completed' && newest;
  }, PATIENCE);
  const took = Date.parse(done.completed_at) - Date.parse(done.started_at);
  if (took > SLOWEST_IMPORT) throw new Error(`an import of ${rows} rows took ${took} ms`);
}

/** As an operator would: each endpoint is resumed, so that what waits is offered at once. */
async function repairAll(site: Site, receiver: FaultyReceiver): Promise<void> {
  receiver.repair();
  const store = await openStore(site.data);
  try {
    const account = await store.account('partner');
    if (!account) throw new Error('the account is gone');
    for (const { id } of await store.endpoints(account.id))
      await store.resumeEndpoint(account.id, id, Date.now());
  } finally {
    await store.close();
  }
}

/** For as long as it takes, while more arrive: how many there are depends on how fast files were imported. */
async function untilAllHave(events: number, receiver: FaultyReceiver): Promise<void> {
  const arrived = () => arrivedAt(receiver).reduce((sum, count) => sum + count, 0);
  const all = events * arrivedAt(receiver).length;
  for (let before = arrived(); before !== all; before = arrived())
    await eventually(() => arrived() > before, PATIENCE);
}

/** How many events each receiver has acknowledged, but for the one that nobody may trust. */
function arrivedAt({ urls, acknowledged }: FaultyReceiver): number[] {
  const names = [...urls.keys()].filter((name) => name !== 'wrong-certificate');
  return names.map((name) => acknowledged.get(name)?.size ?? 0);
}

/** Of every endpoint the events that were delivered, and those that wait, are all there are. */
function assertKept(site: Site, events: number): void {
  const database = new DatabaseSync(join(site.data, 'policydrop.db'), { timeout: 10_000 });
  try {
    const kept = database
      .prepare('SELECT endpoint, sum(count) AS events FROM delivery GROUP BY endpoint')
      .all();
    const wrong = kept.filter((one) => one['events'] !== events);
    if (wrong.length > 0)
      throw new Error(`events are lost or doubled: ${JSON.stringify(wrong)}, not ${events}`);
    const given = database.prepare("SELECT count(*) AS n FROM delivery WHERE state = 'failed'").get();
    if (given?.['n'] !== 0) throw new Error(`${given?.['n']} deliveries were given up`);
  } finally {
    database.close();
  }
}

/** Open sockets of a process (proc(5), fd). */
function socketsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).filter((fd) => isSocket(`/proc/${pid}/fd/${fd}`)).length;
}

function isSocket(path: string): boolean {
  try {
    return readlinkSync(path).startsWith('socket:');
  } catch {
    return false; // closed meanwhile
  }
}
