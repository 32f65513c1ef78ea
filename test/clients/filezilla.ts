import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Client, type Login, running, versionOf } from './a-client.ts';

const HOST = fileURLToPath(new URL('filezilla-client.py', import.meta.url));

/** Commands as FileZilla gives them to its fzsftp; `local` is the file of this side. */
function fzsftp(login: Login, local: string, ...commands: string[]) {
  return running(login, '/usr/bin/python3', [HOST, String(login.port), login.puttyKey, local, ...commands]);
}

export const filezilla: Client = {
  name: 'fzsftp',
  package: 'filezilla',
  found: () => versionOf('fzsftp', '--version'),
  put: (login, file, to) => fzsftp(login, file, `put "${file}" "${to}"`),
  resume: (login, file, to) => fzsftp(login, file, `reput "${file}" "${to}"`),
  putWithTime: (login, file, to) =>
    fzsftp(
      login,
      file,
      `put "${file}" "${to}"`,
      `chmtime ${Math.floor(statSync(file).mtimeMs / 1000)} "${to}"`,
    ),
  putAndRename: (login, file, to) =>
    fzsftp(login, file, `put "${file}" "${to}.tmp"`, `mv "${to}.tmp" "${to}"`),
  list: (login, folder) => fzsftp(login, '', `cd "${folder}"`, 'ls'),
  get: (login, from, file) => fzsftp(login, file, `get "${from}" "${file}"`),
  remove: (login, path) => fzsftp(login, '', `rm "${path}"`),
};
