import { accessSync, constants, mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../journey/a-server.ts';
import { type Client, type Login, type Running, running, sshOptions, versionOf } from './a-client.ts';

/** Mounts, runs a shell script in which `$0` is the mounted root, and unmounts in all cases. */
function mounted(login: Login, script: string, ...args: string[]): Running {
  const folder = mkdtempSync(join(login.home, 'mount-'));
  const sshfs = running(login, 'sshfs', ['-f', ...sshOptions(login), 'partner@127.0.0.1:/', folder]);
  let command: Running | undefined;
  const work = async () => {
    const gone = sshfs.ended.then(({ output }) => Promise.reject(new Error(`sshfs ended: ${output}`)));
    await Promise.race([gone, eventually(() => readFileSync('/proc/mounts', 'utf8').includes(folder))]);
    command = running(login, 'sh', ['-ec', script, folder, ...args]);
    return command.ended;
  };
  const unmounted = async () => {
    const unmount = () => running(login, 'fusermount3', ['-u', folder]).ended;
    const isMounted = () => readFileSync('/proc/mounts', 'utf8').includes(folder);
    await eventually(async () => !isMounted() || (await unmount()).status === 0);
    await sshfs.ended;
  };
  return {
    // Ctrl-C reaches the program that writes to the mounted folder; a crash, the whole of it.
    kill: (signal) => (signal === 'SIGINT' ? command : sshfs)?.kill(signal),
    ended: work().finally(unmounted),
  };
}

function found(): ReturnType<Client['found']> {
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
  } catch {
    return { missing: '/dev/fuse is not here, or not for this user' };
  }
  return versionOf('sshfs', '-V', /(?<=SSHFS version )\S+/);
}

export const sshfs: Client = {
  name: 'sshfs',
  package: 'sshfs',
  found,
  put: (login, file, to) => mounted(login, 'cp "$1" "$0$2"', file, to),
  resume: (login, file, to) =>
    mounted(login, 'tail -c +$(($(stat -c %s "$0$2") + 1)) "$1" >>"$0$2"', file, to),
  putWithTime: (login, file, to) => mounted(login, 'cp --preserve=timestamps "$1" "$0$2"', file, to),
  putAndRename: (login, file, to) => mounted(login, 'cp "$1" "$0$2.tmp"; mv "$0$2.tmp" "$0$2"', file, to),
  list: (login, folder) => mounted(login, 'ls -l "$0$1"', folder),
  get: (login, from, file) => mounted(login, 'cp "$0$1" "$2"', from, file),
  remove: (login, path) => mounted(login, 'rm "$0$1"', path),
};
