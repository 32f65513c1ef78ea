import { type Client, type Login, quoted, running, sshOptions, versionOf } from './a-client.ts';

function commands(login: Login, ...lines: string[]) {
  const connect = ['ssh', '-a', '-x', ...sshOptions(login)].join(' ');
  const settings = ['cmd:fail-exit yes', 'net:max-retries 1', `sftp:connect-program ${quoted(connect)}`];
  const script = [
    ...settings.map((setting) => `set ${setting}`),
    'open -u partner, sftp://127.0.0.1',
    ...lines,
  ];
  return running(login, 'lftp', ['--norc', '-c', script.join('; ')]);
}

export const lftp: Client = {
  name: 'lftp',
  package: 'lftp',
  found: () => versionOf('lftp', '--version'),
  put: (login, file, to) => commands(login, `put ${file} -o ${to}`),
  resume: (login, file, to) => commands(login, `put -c ${file} -o ${to}`),
  putWithTime: (login, file, to) => commands(login, `put ${file} -o ${to}`), // it always does
  putAndRename: (login, file, to) => commands(login, 'set xfer:use-temp-file yes', `put ${file} -o ${to}`),
  list: (login, folder) => commands(login, `ls ${folder}`),
  get: (login, from, file) => commands(login, `get ${from} -o ${file}`),
  remove: (login, path) => commands(login, `rm ${path}`),
};
