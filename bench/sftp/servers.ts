// The two servers that are compared, each in processes of its own, on loopback, with its files in one directory.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Site } from '../../test/journey/a-server.ts';
import { startSshd as startOpenSsh } from '../../test/journey/an-sshd.ts';

export type Contender = {
  readonly name: string;
  /** Where files are put: a folder of the server, as the client names it. */
  readonly folder: string;
  readonly port: number;
  readonly user: string;
  readonly key: string;
  readonly pid: number;
  stop(): Promise<void>;
};

/** policydrop as it is shipped but for how often one source may come, on a data directory below `directory`; nothing is imported meanwhile. */
export async function startOurs(directory: string): Promise<Contender> {
  const site = new Site(directory);
  site.environment['POLICYDROP_SETTLE'] = '1h';
  for (const limit of [
    'CONNECTIONS',
    'CONNECTIONS_PER_SOURCE',
    'STARTUPS',
    'STARTUPS_PER_SOURCE',
    'CONNECTION_RATE',
  ])
    site.environment[`POLICYDROP_SFTP_${limit}`] = '10000'; // all clients are on this machine
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  const { child, sftpPort } = await site.start();
  return {
    name: 'policydrop',
    folder: '/test',
    port: sftpPort,
    user: 'partner',
    key: site.key,
    pid: child.pid ?? 0,
    stop: () => site.remove(),
  };
}

/** OpenSSH's server with internal-sftp and its default algorithms, for the user who runs this. */
export async function startSshd(parent: string): Promise<Contender> {
  const directory = mkdtempSync(join(parent, 'sshd-'));
  const key = join(directory, 'id_ed25519');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  copyFileSync(`${key}.pub`, join(directory, 'authorized_keys'));
  const files = join(directory, 'files');
  mkdirSync(files);
  const { port, pid, stop } = await startOpenSsh(directory, ['MaxStartups 1000']);
  const stopAndRemove = async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  };
  return { name: 'sshd', folder: files, port, user: userInfo().username, key, pid, stop: stopAndRemove };
}

type Login = Pick<Contender, 'port' | 'user' | 'key'>;

/** The arguments of a stock `sftp` that reads its commands from stdin and ends at the first that fails. */
export function sftpArguments({ port, user, key }: Login, options: readonly string[] = []): string[] {
  const all = [
    `Port=${port}`,
    `IdentityFile=${key}`,
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    ...options,
  ];
  return ['-b', '-', ...all.flatMap((option) => ['-o', option]), `${user}@127.0.0.1`];
}

export function sftp(login: Login, commands: string, options: readonly string[] = []) {
  return spawnSync('sftp', sftpArguments(login, options), { input: `${commands}\n`, encoding: 'utf8' });
}

/** Memory of a process and all below it, bytes; pages that several share are divided among them (proc(5): Pss). */
export function memoryOf(pid: number): number {
  const own = Number(/^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1]) * 1024;
  return childrenOf(pid).reduce((sum, child) => sum + memoryOf(child), own);
}

function childrenOf(pid: number): number[] {
  const threads = readdirSync(`/proc/${pid}/task`);
  return threads.flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}
