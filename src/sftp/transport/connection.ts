import type { Socket } from 'node:net';
import type { Connection as SshConnection } from 'ssh2';
import type { Account } from '../../domain/account.ts';
import type { Log } from '../../domain/log.ts';
import type { Drop } from '../../inbox/drop.ts';
import type { Visitor } from '../gate/gate.ts';
import { giveBack } from '../give-back.ts';
import type { Limits } from '../limits.ts';
import { authenticator, type Lookup } from '../login/authentication.ts';
import { ALGORITHMS, OLDER_ALGORITHMS } from './algorithms.ts';
import { limitAnswers } from './backpressure.ts';
import { gatherWrites } from './gathered-writes.ts';
import type { HostKeys } from './host-key.ts';
import { announceHostKeys } from './host-key-update.ts';
import { keepRekeying } from './rekey.ts';
import { type Sessions, serveSessions } from './sessions.ts';
import { answerChannelRequests, disconnect } from './ssh2/live-connection.ts';
import { ssh2 } from './ssh2/ssh2.ts';

const KEEPALIVE = 30_000; // ms; also keeps NAT tables from forgetting the connection
const KEEPALIVES_MISSED = 3;
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
  const { limits, hostKeys, log } = options;
  const source = visitor.address;
  let connection: SshConnection | undefined;
  let account: Account | undefined;
  let sessions: Sessions | undefined;

  function end(text?: string): void {
    if (connection && text !== undefined && socket.writable) {
      disconnect(connection, text);
      socket.end();
    } else {
      connection?.end();
    }
    setTimeout(() => socket.destroy(), LINGER);
  }

  const grace = setTimeout(() => {
    log.info('a client did not log in in time', { source, ms: limits.login_grace });
    visitor.failed('no_login');
    end();
  }, limits.login_grace);
  const authenticate = authenticator(
    { ...options, source, most: limits.login_attempts },
    { accepted: (one) => (account = one), refused: visitor.failed, giveUp: end },
  );
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve())).then(async () => {
    clearTimeout(grace);
    visitor.leave();
    await sessions?.release();
  });

  // A server for each connection costs 0.2 ms, and this way what ssh2 tells of belongs to this socket for certain.
  const server = new ssh2.Server(settings(options), (accepted) => {
    connection = accepted;
    answerChannelRequests(accepted);
    // Ciphers keep nothing of what they are given. Once there are some, and behind ssh2's own listener:
    accepted.once('handshake', () => socket.on('data', giveBack));
    keepRekeying(accepted, socket);
    limitAnswers(socket, accepted, limits.unread, () => {
      log.warn('a client does not take its answers', { source, user: account?.name });
      socket.destroy();
    });
    accepted.on('authentication', (context) => {
      authenticate(context).catch((error) => {
        log.error('a login could not be decided', { source, error: String(error) });
        end();
      });
    });
    accepted.on('ready', () => {
      if (!account) return end();
      clearTimeout(grace);
      visitor.loggedIn();
      announceHostKeys(accepted, hostKeys);
      sessions = serveSessions(accepted, socket, { ...options, account, source, end });
    });
    accepted.on('error', ({ message: problem }) => {
      const hint = /no matching .* MAC/.test(problem) ? OLDER_MACS_HINT : undefined;
      log.info('an SSH connection broke off', { source, user: account?.name, problem, hint });
      end();
    });
  });
  gatherWrites(socket);
  server.injectSocket(socket);
  return { end, ended };
}

function settings({ hostKeys, olderMacs }: ConnectionOptions) {
  return {
    hostKeys: [hostKeys[0].privateKey],
    algorithms: olderMacs ? OLDER_ALGORITHMS : ALGORITHMS,
    ident: 'policydrop',
    keepaliveInterval: KEEPALIVE,
    keepaliveCountMax: KEEPALIVES_MISSED,
  };
}
