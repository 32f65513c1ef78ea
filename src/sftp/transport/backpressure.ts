// ssh2 hands the socket whatever there is to send, without a look at whether the client takes it: a client that never
// reads, with the window of 4 GiB that SSH allows, would fill the memory with answers.
import type { Socket } from 'node:net';
import type { Connection, ServerChannel } from 'ssh2';
import { packetsHeldBack } from './ssh2/live-connection.ts';

const FAR_BEYOND = 4; // times what channels leave there: so these are answers to what only asks for them
const MOST_HELD_BACK = 1_000; // packets during a key exchange

/** A write to the channel is done when no more than `unread` bytes wait for the client, and no key exchange holds it back. */
export function waitForClient(
  channel: ServerChannel,
  connection: Connection,
  socket: Socket,
  unread: number,
): void {
  const write = channel._write.bind(channel);
  const taken = (done: () => void): void => {
    if (packetsHeldBack(connection) !== undefined) connection.once('rekey', () => taken(done));
    else if (socket.writableLength > unread) socket.once('drain', () => taken(done));
    else done();
  };
  channel._write = (bytes, encoding, done) => write(bytes, encoding, (error) => taken(() => done(error)));
}

/** Calls `breach` when a client goes on asking without taking its answers; to be called when ssh2 has the socket. */
export function limitAnswers(
  socket: Socket,
  connection: Connection,
  unread: number,
  breach: () => void,
): void {
  const most = FAR_BEYOND * unread;
  socket.on('data', () => {
    if (socket.writableLength > most || (packetsHeldBack(connection) ?? 0) > MOST_HELD_BACK) breach();
  });
}
