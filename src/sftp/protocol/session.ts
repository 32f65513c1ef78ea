// One SFTP session over any duplex stream: an SSH channel, or stdin and stdout. Requests are answered one after the
// other, so that each sees what the earlier ones did; only READs, which change nothing, need not wait for each other.
// Nothing more is read while the client does not take its answers, so that memory is bounded.
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Log } from '../../domain/log.ts';
import type { Drop } from '../../inbox/drop.ts';
import type { SessionLimits } from '../limits.ts';
import type { Activity } from './activity.ts';
import { incident } from './incident.ts';
import { Incoming } from './incoming.ts';
import { type Operations, operationsOn } from './operations.ts';
import { Outbox } from './outbox.ts';
import { version } from './replies.ts';
import type { Request } from './request.ts';
import { repeated, STATUS, status } from './status.ts';
import { BadMessage } from './wire.ts';

const AT_ONCE = 2; // replies: one is read from the disk while the last is sent

type Options = {
  readonly drop: Drop;
  readonly user: string;
  readonly limits: SessionLimits;
  readonly log: Log;
  readonly clock: () => number;
  /** Where idle sessions are ended. */
  readonly activity?: Activity;
  /** Aborted when nobody takes answers any more; what has arrived until then is still done. */
  readonly gone: AbortSignal;
  /** Called with what was read from the stream, or written to it, when nobody looks at it any more. */
  readonly spent?: (bytes: Buffer) => void;
};

/**
 * Serves until the client ends the stream or breaks the protocol; what it left open is abandoned. Never throws, and
 * leaves it to the caller to end the stream.
 */
export async function serveSftp(stream: Duplex, { log, gone, ...options }: Options): Promise<void> {
  const { user, limits, activity, spent = () => {} } = options;
  const operations = operationsOn(options);
  const outbox = new Outbox(Math.min(limits.requests, AT_ONCE), (reply) => send(stream, reply, spent, gone));
  const incoming = new Incoming(stream, limits.requests / AT_ONCE, spent);
  try {
    if (await incoming.greeted()) outbox.add(Promise.resolve(version()));
    for (let request = await incoming.next(); request; request = await incoming.next()) {
      activity?.request();
      await outbox.room();
      const reads = request.type === 'read';
      if (!reads) await outbox.answered();
      const reply = answer(request, operations, user, log);
      outbox.add(reply);
      if (!reads) await reply;
      incoming.done(); // a READ keeps nothing of its packet
    }
  } catch (error) {
    const message =
      error instanceof BadMessage ? 'an SFTP client broke the protocol' : 'an SFTP session broke off';
    log.warn(message, { user, problem: String(error) });
  }
  await outbox.empty();
  await operations
    .release()
    .catch((error) => log.error('an upload could not be kept', { user, error: String(error) }));
}

/** The door at which our own faults are caught: the client is told where in the log they stand. */
async function answer(request: Request, operations: Operations, user: string, log: Log): Promise<Buffer> {
  try {
    return await operations.answer(request);
  } catch (error) {
    const text = incident(log, 'an SFTP request failed', { user, request: request.type }, error);
    return repeated(status(request.id, STATUS.failure, text), 'more' in request ? request.more : []);
  }
}

async function send(
  stream: Duplex,
  reply: Buffer,
  spent: (bytes: Buffer) => void,
  gone: AbortSignal,
): Promise<void> {
  if (gone.aborted || !stream.writable || stream.write(reply, () => spent(reply))) return;
  // Rejects when the client is gone or the stream broke, of which the end of its packets tells.
  await once(stream, 'drain', { signal: gone }).catch(() => {});
}
