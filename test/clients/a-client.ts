// What a driver of a client is: one small object per client, all of the same type, so that one table can run them all.
import { spawn, spawnSync } from 'node:child_process';

/** How a client gets in. `port` may be that of a link in between. */
export type Login = {
  readonly port: number;
  readonly key: string;
  /** The same key in PuTTY's format. */
  readonly puttyKey: string;
  /** `SHA256:…`, as PuTTY wants to be told. */
  readonly hostKey: string;
  /** The client's home, for what it keeps. */
  readonly home: string;
};

/** How a client ended. `output` is stdout and stderr in the order in which they came. */
export type Outcome = { readonly status: number | null; readonly output: string };

export type Running = {
  /** As Ctrl-C does, or as a crash: the client and whatever it has started. */
  kill(signal: 'SIGINT' | 'SIGKILL'): void;
  readonly ended: Promise<Outcome>;
};

/** What a client cannot do, and why. */
export type Lack = { readonly lacks: string };

type Operation<Names extends unknown[]> = ((login: Login, ...names: Names) => Running) | Lack;

/** Paths on the server begin with "/", those here too. */
export type Client = {
  readonly name: string;
  readonly package: string;
  /** The version, or why it cannot run here. */
  found(): { readonly version: string } | { readonly missing: string };
  readonly put: Operation<[file: string, to: string]>;
  /** Goes on where an upload broke off. */
  readonly resume: Operation<[file: string, to: string]>;
  readonly putWithTime: Operation<[file: string, to: string]>;
  /** Uploads under a temporary name of the client's choice and renames. */
  readonly putAndRename: Operation<[file: string, to: string]>;
  readonly list: Operation<[folder: string]>;
  readonly get: Operation<[from: string, file: string]>;
  readonly remove: Operation<[path: string]>;
};

/** Starts a program in a process group of its own, as a shell does. */
export function running(login: Login, command: string, args: readonly string[], input = ''): Running {
  const child = spawn(command, args, {
    cwd: login.home,
    env: { ...process.env, HOME: login.home, LC_ALL: 'C.UTF-8' },
    detached: true,
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
  child.stdin.on('error', () => {}); // it has ended without reading everything
  child.stdin.end(input);
  return {
    kill: (signal) => void (child.pid && process.kill(-child.pid, signal)),
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, output }));
    }),
  };
}

/** What a program says of itself; by default the first thing like a version. */
export function versionOf(
  command: string,
  flag: string,
  version = /\d+\.\d+[\w.-]*/,
): ReturnType<Client['found']> {
  const { error, status, stdout, stderr } = spawnSync(command, [flag], { encoding: 'utf8' });
  if (error) return { missing: `${command} is not installed` };
  const [found] = version.exec(stdout + stderr) ?? [];
  return found ? { version: found } : { missing: `${command} ${flag} ended with ${status}: ${stderr}` };
}

export function sshOptions({ port, key }: Login): string[] {
  const options = [`Port=${port}`, `IdentityFile=${key}`, 'IdentitiesOnly=yes', 'StrictHostKeyChecking=no'];
  return [...options, 'UserKnownHostsFile=/dev/null', 'LogLevel=ERROR'].flatMap((option) => ['-o', option]);
}

/** A word for a shell, or for a client that quotes as shells do. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
