import type { Socket } from 'node:net';
import type { Connection } from 'ssh2';
import { REKEY_BYTES, REKEY_TIME, UNANSWERED_BYTES } from './algorithms.ts';

/**
 * Exchanges keys again after so many bytes or so much time, also with a client that never would. Until it answers, ssh2
 * keeps what there is to send to it; so a client that only goes on sending is cut off.
 */
export function keepRekeying(connection: Connection, socket: Socket): void {
  let last: { bytes: number; time: number } | undefined;
  let begun: number | undefined; // what had been read when the server asked for an exchange
  connection.on('handshake', () => {
    last = { bytes: socket.bytesRead + socket.bytesWritten, time: performance.now() };
    begun = undefined;
  });
  // Something is read in every transfer, and after every keepalive.
  socket.on('data', () => {
    if (begun !== undefined) {
      if (socket.bytesRead - begun > UNANSWERED_BYTES) {
        socket.destroy(new Error('the client does not answer a key exchange'));
      }
      return;
    }
    if (!last) return;
    const bytes = socket.bytesRead + socket.bytesWritten - last.bytes;
    if (bytes < REKEY_BYTES && performance.now() - last.time < REKEY_TIME) return;
    begun = socket.bytesRead;
    connection.rekey();
  });
}
