import type { Socket } from 'node:net';
import type { Connection } from 'ssh2';
import { REKEY_BYTES, REKEY_TIME } from './algorithms.ts';

/** Exchanges keys again after so many bytes or so much time, also with a client that never would. */
export function keepRekeying(connection: Connection, socket: Socket): void {
  let last: { bytes: number; time: number } | undefined;
  connection.on('handshake', () => {
    last = { bytes: socket.bytesRead + socket.bytesWritten, time: performance.now() };
  });
  // Something is read in every transfer, and after every keepalive.
  socket.on('data', () => {
    if (!last) return;
    const bytes = socket.bytesRead + socket.bytesWritten - last.bytes;
    if (bytes < REKEY_BYTES && performance.now() - last.time < REKEY_TIME) return;
    last = undefined; // until the exchange is over
    connection.rekey();
  });
}
