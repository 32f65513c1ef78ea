// Every client through every case, and in the end a table of them. Needs the clients; what is missing is said.
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BusySite } from './a-busy-site.ts';
import type { Client, Lack, Login, Outcome, Running } from './a-client.ts';
import { HeldLink } from './a-held-link.ts';
import { Table } from './a-table.ts';
import { curlClient } from './curl.ts';
import { filezilla } from './filezilla.ts';
import { lftp } from './lftp.ts';
import { scp, sftp } from './openssh.ts';
import { psftpClient } from './putty.ts';
import { asyncssh, paramiko } from './python.ts';
import { rcloneClient } from './rclone.ts';
import { sshfs } from './sshfs.ts';

const CLIENTS = [
  sftp,
  scp,
  lftp,
  curlClient,
  rcloneClient,
  psftpClient,
  filezilla,
  sshfs,
  paramiko,
  asyncssh,
];

const MANY = 4_000; // rows of a file that is cut off; 8 MB
const CUT = 1_000_000; // bytes after which it is; clients and sockets hold some MB more
const PROCESSED = '/imports_processed/processed.csv';
const OLD = new Date('2020-02-29T12:00:00Z');
const COMPLAINT = /error|warning|fail|denied|refused|unable|cannot|couldn't|no such/i;

const busy = new BusySite();
const { directory } = busy.site;
let processed: Buffer;

type Operation<Names extends unknown[]> = ((login: Login, ...names: Names) => Running) | Lack;

/** What a client does; one that cannot says why. */
class Lacking extends Error {}

function able<Names extends unknown[]>(
  operation: Operation<Names>,
  ...names: Names
): (login: Login) => Running {
  if (typeof operation !== 'function') throw new Lacking(operation.lacks);
  return (login) => operation(login, ...names);
}

async function done(run: (login: Login) => Running): Promise<Outcome> {
  const outcome = await run(busy.login).ended;
  expect(outcome.output).not.toMatch(COMPLAINT);
  expect(outcome.status, outcome.output).toBe(0);
  return outcome;
}

/** Lets a client send the beginning of a file only. */
async function cutOff(run: (login: Login) => Running, signal: 'SIGINT' | 'SIGKILL'): Promise<void> {
  const link = await HeldLink.to(busy.login.port, CUT);
  try {
    const client = run({ ...busy.login, port: link.port });
    const early = client.ended.then(({ output }) => Promise.reject(new Error(`ended too early: ${output}`)));
    await Promise.race([link.full, early]);
    early.catch(() => {});
    client.kill(signal);
    link.release();
    // paramiko may have been in the middle of a packet, and then waits for ever: a user presses Ctrl-C again.
    const again = setInterval(() => client.kill(signal), 3_000);
    await client.ended.finally(() => clearInterval(again));
  } finally {
    await link.close();
  }
}

/** A case may return a word for the table. */
const CASES: Record<string, (client: Client, name: string) => Promise<string | undefined>> = {
  async put(client, name) {
    await done(able(client.put, busy.tickets(name, 2, name), `/test/${name}`));
    expect(await busy.theImport(name, 'completed')).toMatchObject({ rows: 2, created: 2 });
  },

  async overwrite(client, name) {
    await done(able(client.put, busy.tickets(name, 5, `first ${name}`), `/test/${name}`));
    await done(able(client.put, busy.tickets(name, 2, name), `/test/${name}`));
    expect(await busy.theImport(name, 'completed')).toMatchObject({ rows: 2, created: 2 });
  },

  async resume(client, name) {
    const file = busy.tickets(name, MANY, name);
    const resume = able(client.resume, file, `/test/${name}`);
    await cutOff(able(client.put, file, `/test/${name}`), 'SIGKILL');
    expect((await busy.theImport(name, 'incomplete')).rows).toBe(0);
    await done(resume);
    expect(await busy.theImport(name, 'completed')).toMatchObject({ rows: MANY, created: MANY });
  },

  async 'Ctrl-C'(client, name) {
    await cutOff(able(client.put, busy.tickets(name, MANY, name), `/test/${name}`), 'SIGINT');
    const { created, state } = await busy.theImport(name, 'held', 'incomplete', 'cancelled');
    expect(created).toBe(0);
    return state;
  },

  async kill(client, name) {
    const put = able(client.put, busy.tickets(name, MANY, name), `/test/${name}`);
    await cutOff(put, 'SIGKILL');
    expect(await busy.theImport(name, 'incomplete')).toMatchObject({ rows: 0, created: 0 });
    await done(put);
    expect(await busy.theImport(name, 'completed')).toMatchObject({ rows: MANY, created: MANY });
  },

  async times(client, name) {
    const file = busy.tickets(name, 2, name);
    utimesSync(file, OLD, OLD);
    await done(able(client.putWithTime, file, `/test/${name}`));
    expect(await busy.timeOf(name)).toBe(OLD.getTime());
    expect(await busy.theImport(name, 'completed')).toMatchObject({ rows: 2, created: 2 });
  },

  async rename(client, name) {
    await done(able(client.putAndRename, busy.tickets(name, 2, name), `/test/${name}`));
    expect(await busy.theImport(name, 'completed')).toMatchObject({ rows: 2, created: 2 });
  },

  async list(client) {
    const { output } = await done(able(client.list, '/imports_processed'));
    expect(output).toMatch(new RegExp(`\\b${processed.length}\\b.*processed\\.csv`));
  },

  async get(client, name) {
    const file = join(directory, `got-${name}`);
    await done(able(client.get, PROCESSED, file));
    expect(readFileSync(file)).toEqual(processed);
  },

  async delete(client, name) {
    const remove = able(client.remove, `/test/${name}`);
    const file = busy.tickets(name, 2, name);
    writeFileSync(file, readFileSync(file).subarray(0, -100)); // cut off, so that it is held and stays
    await done(able(client.put, file, `/test/${name}`));
    await busy.theImport(name, 'held');
    await done(remove);
    expect(await busy.theImport(name, 'cancelled')).toMatchObject({ created: 0 });
    expect(await busy.timeOf(name)).toBeUndefined();
  },
};

const table = new Table(Object.keys(CASES));

beforeAll(async () => {
  await busy.start();
  processed = readFileSync(busy.tickets('processed.csv', 3, 'processed'));
  expect(busy.site.sftp('put processed.csv test/').status).toBe(0);
  await busy.theImport('processed.csv', 'completed');
});

afterAll(async () => {
  console.log(`\n${table}\n`);
  await busy.remove();
});

describe.concurrent.each(CLIENTS)('$name', (client) => {
  const found = client.found();
  const missing = 'missing' in found && `${found.missing} (package ${client.package})`;
  table.row(client.name, 'version' in found ? found.version : 'not run', missing);

  test.for(Object.entries(CASES))('%s', async ([what, run], { skip }) => {
    if (missing) return skip(missing);
    table.set(client.name, what, '✗');
    try {
      const note = await run(client, `${what}-${client.name}.csv`);
      table.set(client.name, what, note ? `✓ ${note}` : '✓');
    } catch (error) {
      if (!(error instanceof Lacking)) throw error;
      table.set(client.name, what, { not: error.message });
      skip(error.message);
    }
  });
});
