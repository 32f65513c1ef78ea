// The SFTP server: listens, and gives each TCP connection that the gate lets in to `connection.ts`. ssh2 does transport and
// authentication; the SFTP protocol itself is ours (`session.ts`), over any byte stream.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { plainAddress } from '../domain/source.ts';
import { createGate } from './gate/gate.ts';
import { clientBehind } from './gate/proxies.ts';
import { type Connection, type ConnectionOptions, serveConnection } from './transport/connection.ts';

const NOT_NOW = 'Not allowed at this time\r\n'; // as OpenSSH says it; clients show such lines when asked to be verbose

type Options = ConnectionOptions & { readonly host: string; readonly port: number };

export type SftpServer = {
  readonly port: number;
  /** Takes no new connections, ends those that there are, and waits until each has kept what it was writing. */
  close(): Promise<void>;
};

/** Listens; a taken port is an error that says which setting to change. */
export async function startSftp(options: Options): Promise<SftpServer> {
  const { limits } = options;
  const connections = new Set<Connection>();
  const arriving = new Set<Socket>();
  const gate = createGate(options);
  const clientOf = clientBehind(limits.proxies, gate.note);

  const arrive = async (socket: Socket) => {
    socket.on('error', () => {}); // its end is told by 'close'
    arriving.add(socket);
    const address = await clientOf(socket);
    arriving.delete(socket);
    if (address === undefined || socket.destroyed) return;
    const visitor = gate.enter(address);
    if (!visitor) return turnAway(socket);
    const connection = serveConnection(socket, visitor, options);
    connections.add(connection);
    void connection.ended.then(() => connections.delete(connection));
  };

  // Answers are small and clients wait for them: without noDelay each could take 40 ms.
  const server = createServer({ noDelay: true, keepAlive: true }, (socket) => void arrive(socket));
  server.maxConnections = limits.connections;
  server.on('drop', (dropped) =>
    gate.note(
      plainAddress(dropped?.remoteAddress ?? ''),
      `${limits.connections} connections are open in all (sftp.connections)`,
    ),
  );
  await listening(server, options);
  server.on('error', (error) => options.log.error('the SFTP server has an error', { error: error.message }));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of arriving) socket.destroy();
      for (const connection of connections) connection.end();
      await Promise.all([closed, ...[...connections].map(({ ended }) => ended)]);
    },
  };
}

function turnAway(socket: Socket): void {
  socket.end(NOT_NOW, () => socket.destroy());
}

function listening(server: Server, { host, port }: Options): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken. Choose another for SFTP with --sftp-port.`;
      reject(cause.code === 'EADDRINUSE' ? new Error(taken, { cause }) : cause);
    };
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      resolve();
    });
  });
}
