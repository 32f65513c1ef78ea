import type { Socket } from 'node:net';
import type { Account } from '../../domain/account.ts';
import type { Log } from '../../domain/log.ts';
import type { Drop } from '../../inbox/drop.ts';
import type { Visitor } from '../gate/gate.ts';
import type { Limits } from '../limits.ts';
import { authenticator, type Lookup } from '../login/authentication.ts';
import { ALGORITHMS, OLDER_ALGORITHMS } from './algorithms.ts';
import { limitAnswers, waitForClient } from './backpressure.ts';
import { serveChannel } from './channel.ts';
import { gatherWrites } from './gathered-writes.ts';
import type { HostKeys } from './host-key.ts';
import { announceHostKeys } from './host-key-update.ts';
import { type IdleWatch, watchIdle } from './idle.ts';
import { keepRekeying } from './rekey.ts';
import { ssh2 } from './ssh2.ts';
import { answerChannelRequests, disconnect } from './ssh2-private.ts';

const KEEPALIVE = 30_000; // ms; also keeps NAT tables from forgetting the connection
const KEEPALIVES_MISSED = 3;
const MAX_CHANNELS = 10; // of one connection; clients open one or two
const OLDER_MACS_HINT = 'an older client, such as curl with libssh2 before 1.11; sftp.older_macs lets it in';
const LINGER = 1_000; // ms for the last words to reach a client before its connection is cut

export type ConnectionOptions = {
  readonly limits: Limits;
  readonly hostKeys: HostKeys;
  readonly olderMacs: boolean;
  readonly lookup: Lookup;
  readonly dropFor: (account: Account) => Drop;
  readonly log: Log;
  readonly clock: () => number;
};

export type Connection = {
  /** Says goodbye and cuts the connection a moment later, even when the other side does nothing. */
  end(): void;
  /** Resolves when the connection is closed and its sessions have let go of everything. */
  readonly ended: Promise<void>;
};

/** Serves one client from the first byte on; whatever it does ends its own connection at most. */
export function serveConnection(socket: Socket, visitor: Visitor, options: ConnectionOptions): Connection {
  const { limits, lookup, log, clock } = options;
  const source = visitor.address;
  const gone = new AbortController();
  const channels = new Set<Promise<void>>();
  let account: Account | undefined;
  let idle: IdleWatch | undefined;
  let sayGoodbye = (_text?: string) => {};

  const end = (text?: string) => {
    sayGoodbye(text);
    setTimeout(() => socket.destroy(), LINGER);
  };
  const grace = setTimeout(() => {
    log.info('a client did not log in in time', { source, ms: limits.login_grace });
    visitor.failed('no_login');
    end();
  }, limits.login_grace);
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve())).then(async () => {
    clearTimeout(grace);
    idle?.stop();
    visitor.leave();
    gone.abort();
    await Promise.all(channels);
  });

  // A server for each connection costs 0.2 ms, and this way what ssh2 tells of belongs to this socket for certain.
  const settings = {
    hostKeys: [options.hostKeys[0].privateKey],
    algorithms: options.olderMacs ? OLDER_ALGORITHMS : ALGORITHMS,
    ident: 'policydrop',
    keepaliveInterval: KEEPALIVE,
    keepaliveCountMax: KEEPALIVES_MISSED,
  };
  const server = new ssh2.Server(settings, (connection) => {
    sayGoodbye = (text) => {
      if (text === undefined || !socket.writable) return connection.end();
      disconnect(connection, text);
      socket.end();
    };
    answerChannelRequests(connection);
    limitAnswers(socket, connection, () => {
      log.warn('a client does not take its answers', { source, user: account?.name });
      socket.destroy();
    });
    const accepted = (one: Account) => {
      account = one;
      visitor.loggedIn();
    };
    const most = limits.login_attempts;
    const authenticate = authenticator(
      { lookup, source, most, log, clock },
      { accepted, refused: visitor.failed, giveUp: end },
    );
    connection.on('error', (error) => {
      const hint = /no matching .* MAC/.test(error.message) ? OLDER_MACS_HINT : undefined;
      log.info('an SSH connection broke off', { source, user: account?.name, problem: error.message, hint });
      end();
    });
    connection.on('authentication', (context) => {
      authenticate(context).catch((error) => {
        log.error('a login could not be decided', { source, error: String(error) });
        end();
      });
    });
    connection.on('ready', () => {
      clearTimeout(grace);
      announceHostKeys(connection, options.hostKeys);
      idle = watchIdle(limits.idle, () => {
        log.info('ended an idle connection', { source, user: account?.name, ms: limits.idle });
        end(`No request for ${limits.idle / 1_000} s: connect again when you need to`);
      });
    });
    keepRekeying(connection, socket);
    connection.on('session', (accept, reject) => {
      if (!account || !idle || channels.size >= MAX_CHANNELS) return reject();
      const { name: user } = account;
      const drop = options.dropFor(account);
      const channel = serveChannel(accept(), {
        ...options,
        user,
        drop,
        activity: idle,
        gone: gone.signal,
        breach: end,
        pace: (channel) => waitForClient(channel, connection, socket),
      });
      channels.add(channel);
      void channel.then(() => channels.delete(channel));
    });
  });
  gatherWrites(socket);
  server.injectSocket(socket);
  return { end, ended };
}
