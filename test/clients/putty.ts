import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, type Login, running, versionOf } from './a-client.ts';

function psftp(login: Login, ...commands: string[]) {
  const batch = join(login.home, `psftp-${randomUUID()}`); // it cannot read a batch from a socket
  writeFileSync(batch, `${commands.join('\n')}\n`);
  const access = ['-P', String(login.port), '-i', login.puttyKey, '-noagent', '-hostkey', login.hostKey];
  return running(login, 'psftp', ['-batch', '-b', batch, ...access, 'partner@127.0.0.1']);
}

export const psftpClient: Client = {
  name: 'psftp',
  package: 'putty-tools',
  found: () => versionOf('psftp', '-V'),
  put: (login, file, to) => psftp(login, `put ${file} ${to}`),
  resume: (login, file, to) => psftp(login, `reput ${file} ${to}`),
  putWithTime: { lacks: 'does not keep times' },
  putAndRename: (login, file, to) => psftp(login, `put ${file} ${to}.tmp`, `mv ${to}.tmp ${to}`),
  list: (login, folder) => psftp(login, `ls ${folder}`),
  get: (login, from, file) => psftp(login, `get ${from} ${file}`),
  remove: (login, path) => psftp(login, `rm ${path}`),
};
