// An sshd in front: its forced command is `policydrop sftp-subsystem`, one for each key.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeKey, run } from '../sftp/an-sftp-server.ts';
import { EXAMPLE, eventually, Site } from './a-server.ts';
import { noSshd, type Sshd, startSshd } from './an-sshd.ts';

const MAIN = fileURLToPath(new URL('../../src/main.mjs', import.meta.url));
const USER = `${userInfo().username}@127.0.0.1`;

if (noSshd) console.warn(`Behind OpenSSH was not tried: ${noSshd}`);

describe.skipIf(noSshd)('behind OpenSSH', () => {
  const site = new Site();
  const example = readFileSync(EXAMPLE);
  let sshd: Sshd;

  beforeAll(async () => {
    site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
    await site.start();
    letIn(site.key, 'partner');
    sshd = await startSshd(site.directory, []);
  });

  afterAll(async () => {
    await sshd.stop();
    await site.remove();
  });

  function letIn(key: string, account: string): string {
    const command = `${process.execPath} ${MAIN} sftp-subsystem --data ${site.data} --account ${account}`;
    const line = `command="${command}",restrict ${readFileSync(`${key}.pub`, 'utf8')}`;
    appendFileSync(join(site.directory, 'authorized_keys'), line);
    return key;
  }

  /** The first value of an option counts. */
  const options = (key = site.key) => [
    ...['-o', `Port=${sshd.port}`, '-o', `IdentityFile=${key}`],
    ...site.sshOptions(),
  ];
  const sftp = (commands: readonly string[], key?: string) =>
    run('sftp', ['-b', '-', ...options(key), USER], `${commands.join('\n')}\n`);
  /** What the forced command says on stderr, which sshd shows to everybody but clients of a subsystem. */
  const complaint = async (key?: string) => {
    const { status, stderr } = await run('ssh', [...options(key), USER, 'anything']);
    expect((await sftp(['ls'], key)).status).not.toBe(0);
    expect(status).toBe(1);
    return stderr;
  };
  const imports = (file: string) => site.cli('imports', 'list').filter((one) => one['file'] === file);
  const completed = (file: string) =>
    eventually(() => imports(file).find(({ state }) => state === 'completed'));

  test('sftp puts, lists, gets and renames, and each row becomes a policy once', async () => {
    const { status, stdout, stderr } = await sftp([
      `put ${EXAMPLE} test/part.filepart`,
      'ls -l test',
      `get test/part.filepart ${join(site.directory, 'got')}`,
      'rename test/part.filepart test/renamed.csv',
    ]);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/ 1872 .*part\.filepart/);
    expect(readFileSync(join(site.directory, 'got'))).toEqual(example);
    expect(await completed('renamed.csv')).toMatchObject({ rows: 2, created: 2 });
    expect(site.cli('policies', 'list')).toHaveLength(2);
    await eventually(async () => (await sftp(['ls -1 imports_processed'])).stdout.includes('renamed.csv'));
  });

  test('scp puts and gets', async () => {
    const to = `${USER}:test/scp.csv`;
    expect(await run('scp', [...options(), EXAMPLE, to])).toMatchObject({ status: 0, stderr: '' });
    expect(await run('scp', [...options(), to, join(site.directory, 'scp-got')])).toMatchObject({
      status: 0,
    });
    expect(readFileSync(join(site.directory, 'scp-got'))).toEqual(example);
    expect(await completed('scp.csv')).toMatchObject({ rows: 2 });
  });

  test('scp of the old protocol is told what to do instead', async () => {
    const { status, stderr } = await run('scp', ['-O', ...options(), EXAMPLE, `${USER}:test/old.csv`]);
    expect(status).not.toBe(0);
    expect(stderr).toContain('This server speaks SFTP only: use scp without -O.');
  });

  test('two sessions at once, one of them without sshd', async () => {
    const names = ['one.csv', 'two.csv'];
    const outcomes = await Promise.all(names.map((name) => sftp([`put ${EXAMPLE} test/${name}`])));
    expect(outcomes.map(({ status }) => status)).toEqual([0, 0]);
    expect(site.sftp(`put ${EXAMPLE} test/three.csv`).status).toBe(0);
    for (const name of [...names, 'three.csv']) expect(await completed(name)).toMatchObject({ rows: 2 });
    expect(site.cli('policies', 'list')).toHaveLength(2);
  });

  test('the log has the account and the client’s address', () => {
    expect(site.server?.log.join('')).toMatch(
      /"user":"partner","source":"127\.0\.0\.1".*began a local session/,
    );
  });

  test('kill -9 of the command in the middle of an upload leaves it incomplete', async () => {
    const big = site.file('big.csv', Buffer.alloc(30_000_000, 'x'));
    const batch = site.file('slow', `put ${big} test/killed.csv\n`);
    const client = spawn('sftp', ['-l', '48000', '-b', batch, ...options(), USER], { stdio: 'ignore' });
    const ended = once(client, 'exit');
    await eventually(() => /\s\d{6,} .*killed\.csv/.test(site.sftp('ls -l test').stdout));
    const [pid = 0] = commandsOn(site.data);
    process.kill(pid, 'SIGKILL');
    expect(await ended).not.toEqual([0, null]);
    expect(imports('killed.csv')).toEqual([expect.objectContaining({ state: 'incomplete' })]);
    expect((await sftp(['rm test/killed.csv'])).status).toBe(0); // nobody holds it open any more
  });

  test('a partner without an account, or with a disabled one, is told so', async () => {
    const stranger = letIn(makeKey(site.directory, 'ed25519'), 'nobody');
    expect(await complaint(stranger)).toContain('There is no account "nobody"');
    site.cli('account', 'disable', 'partner');
    expect(await complaint()).toContain('The account partner is disabled');
    site.cli('account', 'enable', 'partner');
    expect((await sftp(['ls'])).status).toBe(0);
  });

  test('without a server the command says so; after kill -9 the next server takes sessions again', async () => {
    expect(statSync(join(site.data, 'sftp.sock')).mode & 0o777).toBe(0o600);
    await site.server?.stop('SIGKILL');
    expect(readdirSync(site.data)).toContain('sftp.sock');
    expect(await complaint()).toBe(
      `policydrop: No policydrop server is running on ${site.data}; start it with: policydrop serve --data ${site.data}\n`,
    );
    await site.start();
    expect((await sftp(['ls'])).status).toBe(0);
    await site.server?.stop();
    expect(readdirSync(site.data)).not.toContain('sftp.sock');
  });
});

/** The processes of the command on that data directory, by proc(5). */
function commandsOn(data: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && argumentsOf(pid).join(' ').includes(`${MAIN} sftp-subsystem --data ${data}`))
    .filter((pid) => argumentsOf(pid)[0] === process.execPath);
}

function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it has ended
  }
}
