// Sessions of which another SSH server has the transport and the login: `policydrop sftp-subsystem`, which it starts,
// hands them on to a Unix socket. Whoever may open that file, by its permissions, is believed whose session it is.
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Account } from '../../domain/account.ts';
import type { Log } from '../../domain/log.ts';
import type { Drop } from '../../inbox/drop.ts';
import { createAdmission } from '../gate/admission.ts';
import type { Limits } from '../limits.ts';
import type { Lookup } from '../login/authentication.ts';
import { SOCKET } from './lines.ts';
import { serveLocalSession } from './local-session.ts';

const OWNER_ONLY = 0o177; // umask: the socket gets mode 0600
const ADVICE = 'the path of a socket has 107 bytes at most: is that of --data too long?';

type Options = {
  readonly limits: Limits;
  readonly lookup: Lookup;
  readonly dropFor: (account: Account) => Drop;
  readonly log: Log;
  readonly clock: () => number;
};

export type LocalSessions = {
  /** Takes no new sessions, ends those that there are, and waits until each has kept what it was writing. */
  close(): Promise<void>;
};

/**
 * Listens in `directory`, on which no other server may run: a socket that is there is what a crash has left. Where there
 * can be none, the log says why, and the server goes on without.
 */
export async function serveLocalSessions(directory: string, options: Options): Promise<LocalSessions> {
  const { limits, log, clock } = options;
  const sessions = new Map<Socket, Promise<void>>();
  const admission = createAdmission(limits, clock);
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const session = serveLocalSession(socket, { ...options, admission }).catch((error) => {
      log.error('a local session failed', { error: String(error) });
      socket.destroy();
    });
    sessions.set(socket, session);
    void session.then(() => sessions.delete(socket));
  });
  server.maxConnections = limits.connections;
  const full = `${limits.connections} are open in all (sftp.connections)`;
  server.on('drop', () => log.warn('refused a local session', { reason: full }));
  const path = join(directory, SOCKET);
  await listening(server, path).catch((error) =>
    log.warn('sftp-subsystem cannot be used', { problem: String(error), advice: ADVICE }),
  );
  return {
    async close() {
      const closed = new Promise((resolve) => server.close(resolve)); // removes the socket
      for (const socket of sessions.keys()) socket.destroy();
      await Promise.all([closed, ...sessions.values()]);
    },
  };
}

async function listening(server: Server, path: string): Promise<void> {
  rmSync(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const mask = process.umask(OWNER_ONLY); // while the file is made, which is before `listen` returns
    server.listen(path, resolve);
    process.umask(mask);
  });
  server.removeAllListeners('error');
}
