// The two servers that are compared, each in processes of its own, on loopback, with its files in one directory.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { eventually, Site } from '../../test/journey/a-server.ts';

const SSHD = '/usr/sbin/sshd';

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
  if (!existsSync(SSHD)) throw new Error(`The reference is missing: install openssh-server (${SSHD})`);
  const directory = mkdtempSync(join(parent, 'sshd-'));
  const key = join(directory, 'id_ed25519');
  for (const file of [key, join(directory, 'host_key')]) {
    spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file]);
  }
  copyFileSync(`${key}.pub`, join(directory, 'authorized_keys'));
  const files = join(directory, 'files');
  mkdirSync(files);
  const port = await freePort();
  const child = spawn(SSHD, ['-D', '-e', '-f', configuration(directory, port)], { stdio: 'ignore' });
  await eventually(() => answers(port, key));
  return {
    name: 'sshd',
    folder: files,
    port,
    user: userInfo().username,
    key,
    pid: child.pid ?? 0,
    stop: () => stopped(child, directory),
  };
}

function configuration(directory: string, port: number): string {
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true }); // where it locks itself in
  const file = join(directory, 'sshd_config');
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${join(directory, 'host_key')}`,
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'MaxStartups 1000',
    'Subsystem sftp internal-sftp',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

function answers(port: number, key: string): boolean {
  return sftp({ port, key, user: userInfo().username }, 'pwd').status === 0;
}

async function stopped(child: ChildProcess, directory: string): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
  rmSync(directory, { recursive: true, force: true });
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
