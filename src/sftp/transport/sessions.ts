import type { Socket } from 'node:net';
import type { Connection } from 'ssh2';
import type { Account } from '../../domain/account.ts';
import type { Log } from '../../domain/log.ts';
import type { Drop } from '../../inbox/drop.ts';
import type { Limits } from '../limits.ts';
import { waitForClient } from './backpressure.ts';
import { serveChannel } from './channel.ts';
import { watchIdle } from './idle.ts';

type Options = {
  readonly account: Account;
  /** The client's address. */
  readonly source: string;
  readonly dropFor: (account: Account) => Drop;
  readonly log: Log;
  readonly clock: () => number;
  readonly limits: Limits;
  /** Ends the connection, with a word to the person at the client where there is one. */
  readonly end: (text?: string) => void;
};

export type Sessions = {
  /** The connection is gone: resolves when its sessions have let go of everything. */
  release(): Promise<void>;
};

/** Serves the sessions that a client opens on its connection from now on, as an account that has logged in. */
export function serveSessions(connection: Connection, socket: Socket, options: Options): Sessions {
  const { account, source, dropFor, limits, log, clock, end } = options;
  const { name: user } = account;
  const gone = new AbortController();
  const channels = new Set<Promise<void>>();

  const activity = watchIdle(limits.idle, () => {
    log.info('ended an idle connection', { source, user, ms: limits.idle });
    end(`No request for ${limits.idle / 1_000} s: connect again when you need to`);
  });
  connection.on('session', (accept, reject) => {
    if (channels.size >= limits.channels) return reject();
    const served = serveChannel(accept(), {
      drop: dropFor(account),
      user,
      limits,
      log,
      clock,
      activity,
      gone: gone.signal,
      breach: end,
      pace: (channel) => waitForClient(channel, connection, socket, limits.unread),
    });
    channels.add(served);
    void served.then(() => channels.delete(served));
  });

  return {
    async release() {
      activity.stop();
      gone.abort();
      await Promise.all(channels);
    },
  };
}
