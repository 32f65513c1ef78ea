import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { type Result, refused } from '../../domain/refusal.ts';
import { type Hello, line, parseAnswer, readLine, SOCKET } from './lines.ts';

const ENDED = 'The server has ended the session; its log says why.';

/**
 * Hands one session on between `input`, `output` and the server that runs on `directory`, until one of them ends it.
 * Refused when there is no server, when it takes no such session, and when it is the server that ends it.
 */
export async function pipeSession(
  directory: string,
  hello: Hello,
  input: Readable,
  output: Writable,
): Promise<Result<undefined>> {
  const socket = connect({ path: join(directory, SOCKET), allowHalfOpen: true });
  try {
    await once(socket, 'connect');
  } catch (error) {
    return unreachable(directory, error as NodeJS.ErrnoException);
  }
  socket.on('error', () => {}); // its end is told by 'close'
  socket.write(line(hello));
  const answer = await readLine(socket);
  const begun = answer === undefined ? refused('ended', ENDED) : parseAnswer(answer);
  if (begun.ok) await piped(socket, input, output);
  input.destroy();
  socket.destroy();
  return !begun.ok || input.readableEnded ? begun : refused('ended', ENDED);
}

/** Until the server says nothing more; the end of `input` goes to the server, which then ends the session. */
async function piped(socket: Socket, input: Readable, output: Writable): Promise<void> {
  input.pipe(socket);
  socket.pipe(output);
  await finished(socket, { writable: false }).catch(() => {}); // it broke off
}

function unreachable(directory: string, { code, message }: NodeJS.ErrnoException): Result<never> {
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return refused(
        'no_server',
        `No policydrop server is running on ${directory}; start it with: policydrop serve --data ${directory}`,
      );
    case 'EACCES':
      return refused(
        'no_access',
        `${directory}/${SOCKET} may not be opened: sftp-subsystem must run as the user that runs the server.`,
      );
    default:
      return refused('no_server', `The server on ${directory} cannot be reached: ${message}.`);
  }
}
