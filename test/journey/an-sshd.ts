// OpenSSH's server on loopback, for the user who runs this, with its files in one directory.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from './a-server.ts';

const SSHD = '/usr/sbin/sshd';

export type Sshd = { readonly port: number; readonly pid: number; stop(): Promise<void> };

/** Why there can be none; undefined where there can. */
export const noSshd = existsSync(SSHD) ? undefined : `${SSHD} is missing: install openssh-server`;

/** Users log in with the keys in `authorized_keys` of the directory; `lines` are added to the configuration. */
export async function startSshd(directory: string, lines: readonly string[]): Promise<Sshd> {
  if (noSshd) throw new Error(noSshd);
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true }); // where it locks itself in
  const hostKey = join(directory, 'host_key');
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', hostKey]);
  const port = await freePort();
  const configuration = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    `HostKey ${hostKey}`,
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'PidFile none',
    'StrictModes no', // the directory may be in /tmp
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'Subsystem sftp internal-sftp',
    ...lines,
  ];
  const file = join(directory, 'sshd_config');
  writeFileSync(file, `${configuration.join('\n')}\n`);
  const child = spawn(SSHD, ['-D', '-e', '-f', file], { stdio: 'ignore' });
  await eventually(() => answers(port));
  return { port, pid: child.pid ?? 0, stop: () => stopped(child) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const greeted = once(socket, 'data').then(
    () => true,
    () => false,
  );
  await greeted;
  socket.destroy();
  return greeted;
}

async function stopped(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}
