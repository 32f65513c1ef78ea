import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Client, type Login, running } from './a-client.ts';

const PYTHON = '/usr/bin/python3'; // that of Debian, which has Debian's packages
const script = (name: string) => fileURLToPath(new URL(`${name}-client.py`, import.meta.url));

/** A client that is a script of ours on a library: `NAME-client.py PORT KEY COMMAND …`. */
function library(name: string): Client {
  const run =
    (command: string) =>
    (login: Login, ...args: string[]) =>
      running(login, PYTHON, ['-W', 'ignore', script(name), String(login.port), login.key, command, ...args]);
  return {
    name,
    package: `python3-${name}`,
    found() {
      const probe = ['-W', 'ignore', '-c', `import ${name}; print(${name}.__version__)`];
      const { status, stdout } = spawnSync(PYTHON, probe, { encoding: 'utf8' });
      return status === 0 ? { version: stdout.trim() } : { missing: `python3-${name} is not installed` };
    },
    put: run('put'),
    resume: run('resume'),
    putWithTime: run('put-with-time'),
    putAndRename: run('put-and-rename'),
    list: run('list'),
    get: run('get'),
    remove: run('remove'),
  };
}

export const paramiko = library('paramiko');
export const asyncssh = library('asyncssh');
