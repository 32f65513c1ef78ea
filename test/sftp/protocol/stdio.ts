// A process that serves a directory on stdin and stdout, as `sftp -D` starts it.
import { Duplex } from 'node:stream';
import { serveSftp } from '../../../src/sftp/protocol/session.ts';
import { keptLog } from '../a-log.ts';
import { directoryDrop } from './a-directory-drop.ts';

const gone = new AbortController();
process.stdout.on('close', () => gone.abort());
await serveSftp(Duplex.from({ readable: process.stdin, writable: process.stdout }), {
  drop: directoryDrop(process.argv[2] ?? '.'),
  user: 'partner',
  log: keptLog(),
  clock: Date.now,
  gone: gone.signal,
});
