// ssh2 hands the socket whatever there is to send, without a look at whether the client takes it: a client that never
// reads, with the window of 4 GiB that SSH allows, would fill the memory with answers.
import type { Socket } from 'node:net';
import type { Connection, ServerChannel } from 'ssh2';
import { packetsHeldBack } from './ssh2/live-connection.ts';

const ENOUGH = 1024 * 1024; // bytes on their way to a client before channels wait
const MOST = 4 * 1024 * 1024; // bytes: far beyond what channels leave there, so these are answers to what only asks for them
const MOST_HELD_BACK = 1_000; // packets during a key exchange

/** A write to the channel is done when the client takes what is sent, and no key exchange holds it back. */
export function waitForClient(channel: ServerChannel, connection: Connection, socket: Socket): void {
  const write = channel._write.bind(channel);
  const taken = (done: () => void): void => {
    if (packetsHeldBack(connection) !== undefined) connection.once('rekey', () => taken(done));
    else if (socket.writableLength > ENOUGH) socket.once('drain', () => taken(done));
    else done();
  };
  channel._write = (bytes, encoding, done) => write(bytes, encoding, (error) => taken(() => done(error)));
}

/** Calls `breach` when a client goes on asking without taking its answers; to be called when ssh2 has the socket. */
export function limitAnswers(socket: Socket, connection: Connection, breach: () => void): void {
  socket.on('data', () => {
    if (socket.writableLength > MOST || (packetsHeldBack(connection) ?? 0) > MOST_HELD_BACK) breach();
  });
}
