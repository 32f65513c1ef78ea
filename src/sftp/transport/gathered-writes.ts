import type { Socket } from 'node:net';

/** From now on, what is written in one turn of the event loop leaves in one call: ssh2 writes a packet in three pieces. */
export function gatherWrites(socket: Socket): void {
  const write = socket.write;
  let gathering = false;
  socket.write = (...args: unknown[]) => {
    if (!gathering) {
      gathering = true;
      socket.cork();
      process.nextTick(() => {
        gathering = false;
        socket.uncork();
      });
    }
    return write.apply(socket, args as Parameters<typeof write>);
  };
}
