import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP link to a port of this machine that stops what clients send after so many bytes, until it is released. */
export class HeldLink {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #left: number;
  #held: Socket[] = [];
  #arrived = () => {};
  /** Resolves when that many bytes have gone through. */
  readonly full = new Promise<void>((resolve) => {
    this.#arrived = resolve;
  });

  private constructor(to: number, bytes: number) {
    this.#left = bytes;
    this.#server = createServer((client) => {
      const server = connect(to, '127.0.0.1');
      for (const socket of [client, server]) {
        this.#sockets.add(socket);
        socket.on('error', () => {});
      }
      server.pipe(client);
      client.on('data', (data) => this.#pass(data, client, server));
      client.once('close', () => server.destroySoon());
      server.once('close', () => client.destroySoon());
    });
  }

  static async to(port: number, bytes: number): Promise<HeldLink> {
    const link = new HeldLink(port, bytes);
    await once(link.#server.listen(0, '127.0.0.1'), 'listening');
    return link;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  #pass(data: Buffer, client: Socket, server: Socket): void {
    server.write(data);
    this.#left -= data.length;
    if (this.#left > 0) return;
    client.pause();
    this.#held.push(client);
    this.#arrived();
  }

  release(): void {
    this.#left = Number.POSITIVE_INFINITY;
    for (const client of this.#held) client.resume();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
