import { statSync } from 'node:fs';
import { type Client, type Login, running, versionOf } from './a-client.ts';

function curl(login: Login, path: string, ...args: string[]) {
  const key = ['--key', login.key, '--pubkey', `${login.key}.pub`, '-u', 'partner:', '--insecure'];
  return running(login, 'curl', [
    '--silent',
    '--show-error',
    ...key,
    ...args,
    `sftp://127.0.0.1:${login.port}${path}`,
  ]);
}

/** After the transfer, by `-Q -…`. */
const afterwards = (command: string) => ['-Q', `-${command}`];

export const curlClient: Client = {
  name: 'curl',
  package: 'curl',
  found: () => versionOf('curl', '--version'),
  put: (login, file, to) => curl(login, to, '-T', file),
  resume: (login, file, to) => curl(login, to, '-C', '-', '-T', file),
  putWithTime: (login, file, to) =>
    curl(login, to, '-T', file, ...afterwards(`mtime "${statSync(file).mtime.toUTCString()}" ${to}`)),
  putAndRename: (login, file, to) =>
    curl(login, `${to}.part`, '-T', file, ...afterwards(`rename ${to}.part ${to}`)),
  list: (login, folder) => curl(login, `${folder}/`),
  get: (login, from, file) => curl(login, from, '-o', file),
  remove: (login, path) => curl(login, '/', '-o', '/dev/null', '-Q', `rm ${path}`),
};
