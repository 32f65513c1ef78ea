import { type Client, type Login, running, sshOptions, versionOf } from './a-client.ts';

const PARTNER = 'partner@127.0.0.1';
const openssh = () => versionOf('ssh', '-V');

const batch = (login: Login, ...commands: string[]) =>
  running(login, 'sftp', ['-b', '-', ...sshOptions(login), PARTNER], `${commands.join('\n')}\n`);

export const sftp: Client = {
  name: 'sftp',
  package: 'openssh-client',
  found: openssh,
  put: (login, file, to) => batch(login, `put ${file} ${to}`),
  resume: (login, file, to) => batch(login, `reput ${file} ${to}`),
  putWithTime: (login, file, to) => batch(login, `put -p ${file} ${to}`),
  putAndRename: (login, file, to) => batch(login, `put ${file} ${to}.tmp`, `rename ${to}.tmp ${to}`),
  list: (login, folder) => batch(login, `ls -l ${folder}`),
  get: (login, from, file) => batch(login, `get ${from} ${file}`),
  remove: (login, path) => batch(login, `rm ${path}`),
};

const copy = (login: Login, ...args: string[]) => running(login, 'scp', [...sshOptions(login), ...args]);

export const scp: Client = {
  name: 'scp',
  package: 'openssh-client',
  found: openssh,
  put: (login, file, to) => copy(login, file, `${PARTNER}:${to}`),
  resume: { lacks: 'always sends the whole file' },
  putWithTime: (login, file, to) => copy(login, '-p', file, `${PARTNER}:${to}`),
  putAndRename: { lacks: 'cannot rename' },
  list: { lacks: 'cannot list' },
  get: (login, from, file) => copy(login, `${PARTNER}:${from}`, file),
  remove: { lacks: 'cannot delete' },
};
