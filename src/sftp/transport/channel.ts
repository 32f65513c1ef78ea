import type { ServerChannel, Session } from 'ssh2';
import type { Log } from '../../domain/log.ts';
import type { Drop } from '../../inbox/drop.ts';
import { answerChecksum, checksumOf } from '../commands/checksum.ts';
import { giveBack } from '../give-back.ts';
import type { SessionLimits } from '../limits.ts';
import type { Activity } from '../protocol/activity.ts';
import { serveSftp } from '../protocol/session.ts';

const LONGEST_COMMAND = 100; // characters of what is refused, in the log
const UNPRINTABLE = /\p{C}/gu;
const SFTP_ONLY =
  'This server speaks SFTP only: connect with an SFTP client, for instance sftp, or scp without -O.\r\n';

type Serving = {
  readonly drop: Drop;
  readonly user: string;
  readonly limits: SessionLimits;
  readonly log: Log;
  readonly clock: () => number;
  readonly activity: Activity;
  /** Aborted when the connection is closed. */
  readonly gone: AbortSignal;
};

type Options = Serving & {
  /** Called when the client does what no client may do. */
  readonly breach: () => void;
  /** Makes the channel's writes wait for the client. */
  readonly pace: (channel: ServerChannel) => void;
};

type Request = { readonly for: 'sftp' | 'shell' } | { readonly for: 'command'; readonly command: string };
type Asked = { readonly request: Request; readonly channel: ServerChannel };

/** Serves what a client asks of a session: `sftp`, or the sum of a file; who wants anything else is told what there is. Never throws. */
export async function serveChannel(
  session: Session,
  { gone, breach, pace, ...options }: Options,
): Promise<void> {
  const closed = new AbortController();
  session.on('close', () => closed.abort());
  const asked = await askedOf(session, gone);
  if (!asked) return;
  const { request, channel } = asked;
  channel.on('error', () => {}); // for the session it is the end of its packets
  limitUnread(channel, breach);
  pace(channel);
  channel.exit(await serve(request, channel, { ...options, gone: AbortSignal.any([gone, closed.signal]) }));
  channel.end();
}

/** Resolves to the exit status. */
async function serve(request: Request, channel: ServerChannel, options: Serving): Promise<number> {
  const { user, log } = options;
  if (request.for === 'sftp') {
    await serveSftp(channel, { ...options, spent: giveBack });
    return 0;
  }
  const checksum = request.for === 'command' ? checksumOf(request.command) : undefined;
  if (checksum) {
    const io = { input: channel, output: channel, errors: channel.stderr };
    return answerChecksum(checksum, io, options);
  }
  const wanted = request.for === 'command' ? request.command.slice(0, LONGEST_COMMAND) : 'a shell';
  log.info('refused what is not SFTP', { user, wanted: wanted.replaceAll(UNPRINTABLE, '�') });
  channel.stderr.write(SFTP_ONLY);
  return 1;
}

// What ssh2's types do not say: no channel when there is one already, no `reject` when no answer is wanted.
type Accept = () => ServerChannel | undefined;
type Reject = (() => void) | undefined;

/** Undefined only when the connection is gone: ssh2 keeps a session that is closed without a request, so it counts as open. */
function askedOf(session: Session, gone: AbortSignal): Promise<Asked | undefined> {
  return new Promise((resolve) => {
    const left = () => resolve(undefined);
    const asked = (request: Request, accept: Accept) => {
      const channel = accept();
      if (!channel) return;
      gone.removeEventListener('abort', left);
      resolve({ request, channel });
    };
    session.on('subsystem', (accept: Accept, reject: Reject, { name }) =>
      name === 'sftp' ? asked({ for: 'sftp' }, accept) : reject?.(),
    );
    session.on('pty', (accept: (() => void) | undefined) => accept?.()); // or a terminal would not show the text
    session.on('shell', (accept: Accept) => asked({ for: 'shell' }, accept));
    session.on('exec', (accept: Accept, _reject: Reject, { command }) =>
      asked({ for: 'command', command }, accept),
    );
    gone.addEventListener('abort', left);
  });
}

/** ssh2 takes what comes beyond the window, too; here that ends the connection, or memory would be the client's to fill. */
function limitUnread(channel: ServerChannel, breach: () => void): void {
  const most = 2 * channel.readableHighWaterMark; // bytes: what is unread, and a whole window on its way
  const push = channel.push.bind(channel);
  channel.push = (chunk: Buffer | null) => {
    if (chunk === null || channel.readableLength + chunk.length <= most) return push(chunk);
    breach();
    return false;
  };
}
