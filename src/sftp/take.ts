import type { Socket } from 'node:net';

/** The next bytes of a socket, and nothing of what follows them; fewer where the stream ends, undefined where it has. */
export function take(socket: Socket, length: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const look = () => {
      const bytes: Buffer | null = socket.read(length);
      if (!bytes && socket.readable) return;
      for (const event of ['readable', 'end', 'close']) socket.off(event, look);
      resolve(bytes ?? undefined);
    };
    for (const event of ['readable', 'end', 'close']) socket.on(event, look);
    look();
  });
}
