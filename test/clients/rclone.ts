import { type Client, type Login, running, versionOf } from './a-client.ts';

const remote = ({ port, key }: Login) => `:sftp,host=127.0.0.1,port=${port},user=partner,key_file='${key}':`;

/** With its defaults: it looks which hashes it can have, sets the time and looks back. */
export function rclone(login: Login, command: string, ...args: string[]) {
  const paths = args.map((arg) => arg.replace(/^remote:/, remote(login)));
  return running(login, 'rclone', ['--config', '', '--retries', '1', command, ...paths]);
}

export const rcloneClient: Client = {
  name: 'rclone',
  package: 'rclone',
  found: () => versionOf('rclone', 'version'),
  put: (login, file, to) => rclone(login, 'copyto', file, `remote:${to}`),
  resume: { lacks: 'always sends the whole file' },
  putWithTime: (login, file, to) => rclone(login, 'copyto', file, `remote:${to}`), // it always does
  putAndRename: (login, file, to) => {
    const script = 'rclone --config "" copyto "$0" "$1.tmp"; rclone --config "" moveto "$1.tmp" "$1"';
    return running(login, 'sh', ['-ec', script, file, `${remote(login)}${to}`]);
  },
  list: (login, folder) => rclone(login, 'lsl', `remote:${folder}`),
  get: (login, from, file) => rclone(login, 'copyto', `remote:${from}`, file),
  remove: (login, path) => rclone(login, 'deletefile', `remote:${path}`),
};
