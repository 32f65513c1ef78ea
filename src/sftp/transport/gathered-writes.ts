import type { Socket } from 'node:net';
import { giveBack } from '../give-back.ts';

/**
 * From now on, what is written in one turn of the event loop leaves in one call: ssh2 writes a packet in three pieces.
 * Memory that was written is given back: nobody may look at it again.
 */
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
    const [bytes] = args;
    if (args.length === 1 && Buffer.isBuffer(bytes)) args.push(() => giveBack(bytes));
    return write.apply(socket, args as Parameters<typeof write>);
  };
}
