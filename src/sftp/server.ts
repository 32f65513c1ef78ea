// SSH transport and authentication by ssh2, with hardened algorithms; each `sftp` subsystem gets a session of ours.
import type { AddressInfo } from 'node:net';
import ssh2, { type Algorithms, type Connection, type ServerChannel, type Session } from 'ssh2';
import type { Account } from '../domain/account.ts';
import type { Log } from '../domain/log.ts';
import type { Drop } from '../inbox/drop.ts';
import { authenticator, type Lookup } from './authentication.ts';
import { serveSftp } from './session.ts';

const LOGIN_GRACE = 30_000; // ms from the connection to a login; a person with a hardware key needs some
const KEEPALIVE = 30_000; // ms; also keeps NAT tables from forgetting the connection
const KEEPALIVES_MISSED = 3;
const MAX_CHANNELS = 10; // of one connection; clients open one or two
const STOPPING = 2_000; // ms for the connections to end on their own when the server stops

/** What ssh-audit finds nothing against; no SHA-1, no compression. */
const ALGORITHMS: Algorithms = {
  kex: ['curve25519-sha256', 'curve25519-sha256@libssh.org'],
  serverHostKey: ['ssh-ed25519'],
  cipher: [
    'aes128-gcm@openssh.com',
    'aes256-gcm@openssh.com',
    'chacha20-poly1305@openssh.com' as never,
    'aes256-ctr',
    'aes128-ctr',
  ],
  hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com'],
  compress: ['none'],
};

type Options = {
  readonly host: string;
  readonly port: number;
  readonly hostKeys: readonly string[];
  readonly lookup: Lookup;
  readonly dropFor: (account: Account) => Drop;
  readonly log: Log;
  readonly clock: () => number;
};

export type SftpServer = { readonly port: number; close(): Promise<void> };

/** Listens; a taken port is an error that says which setting to change. */
export async function startSftp(options: Options): Promise<SftpServer> {
  const { host, port, hostKeys, log } = options;
  const connections = new Set<Connection>();
  const settings = {
    hostKeys: [...hostKeys],
    algorithms: ALGORITHMS,
    ident: 'policydrop',
    keepaliveInterval: KEEPALIVE,
    keepaliveCountMax: KEEPALIVES_MISSED,
  };
  const server = new ssh2.Server(settings, (connection, { ip }) => {
    connections.add(connection);
    connection.on('close', () => connections.delete(connection));
    serveConnection(connection, ip, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const taken = `Port ${port} is taken. Choose another for SFTP with --sftp-port.`;
      reject(cause.code === 'EADDRINUSE' ? new Error(taken, { cause }) : cause);
    });
    server.listen(port, host, resolve);
  });
  server.on('error', (error: Error) => log.error('the SFTP server has an error', { error: error.message }));
  return { port: (server.address() as AddressInfo).port, close: () => closeAll(server, connections) };
}

function serveConnection(connection: Connection, source: string, options: Options): void {
  const { log, lookup } = options;
  let account: Account | undefined;
  let channels = 0;
  const grace = setTimeout(() => connection.end(), LOGIN_GRACE);
  const authenticate = authenticator({ lookup, source, log }, (one) => {
    account = one;
  });
  connection.on('close', () => clearTimeout(grace));
  connection.on('error', (error) =>
    log.info('an SSH connection broke off', { source, problem: error.message }),
  );
  connection.on('ready', () => clearTimeout(grace));
  connection.on('authentication', (context) => {
    authenticate(context, () => connection.end()).catch((error) => {
      log.error('a login could not be decided', { source, error: String(error) });
      connection.end();
    });
  });
  connection.on('session', (accept, reject) => {
    if (!account || channels >= MAX_CHANNELS) return reject();
    channels++;
    const session = accept();
    session.on('close', () => channels--);
    serveSession(session, account, options);
  });
}

/** Only `sftp`; ssh2 refuses by itself what has no listener, such as a shell. */
function serveSession(session: Session, account: Account, options: Options): void {
  session.on('error' as never, (error: Error) =>
    options.log.info('an SSH session broke off', { user: account.name, problem: error.message }),
  );
  session.on(
    'subsystem' as never,
    (accept: () => ServerChannel, reject: () => void, { name }: { name: string }) => {
      if (name !== 'sftp') return reject();
      const channel = accept();
      channel.on('error', () => {}); // the session sees it as the end of its stream
      void serveSftp(channel, { ...options, drop: options.dropFor(account), user: account.name }).then(() => {
        if (channel.destroyed && !channel.writable) return;
        channel.exit(0);
        channel.end();
      });
    },
  );
}

async function closeAll(server: ssh2.Server, connections: ReadonlySet<Connection>): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  for (const connection of connections) connection.end();
  const late = new Promise<void>((resolve) => setTimeout(resolve, STOPPING).unref());
  await Promise.race([closed, late]);
}
