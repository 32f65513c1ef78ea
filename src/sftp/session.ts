// One SFTP session over any duplex stream: an SSH channel, or stdin and stdout. Requests are answered strictly one
// after the other, so that each sees what the earlier ones did; nothing more is read while the client does not take
// its answers, so that memory is bounded by the stream's own buffers.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import type { Log } from '../domain/log.ts';
import type { Drop } from '../inbox/drop.ts';
import { type Operations, operationsOn } from './operations.ts';
import { packets } from './packets.ts';
import { parseInit, parseRequest } from './requests.ts';
import { STATUS, status } from './status.ts';
import { BadMessage, packet, string, uint32 } from './wire.ts';

const VERSION = 2;
const OUR_VERSION = 3;
/** Only what works is announced. */
const EXTENSIONS = ['posix-rename@openssh.com', 'fsync@openssh.com', 'limits@openssh.com'];

type Options = {
  readonly drop: Drop;
  readonly user: string;
  readonly log: Log;
  readonly clock: () => number;
};

/** Serves until the client ends the stream or breaks the protocol; what it left open is abandoned. Never throws. */
export async function serveSftp(stream: Duplex, { drop, user, log, clock }: Options): Promise<void> {
  const operations = operationsOn(drop, user, clock);
  let greeted = false;
  try {
    for await (const bytes of packets(stream)) {
      const reply = greeted ? await answer(bytes, operations, user, log) : greeting(bytes);
      greeted = true;
      await send(stream, reply);
    }
  } catch (error) {
    if (error instanceof BadMessage)
      log.warn('an SFTP client broke the protocol', { user, problem: error.message });
    else if (!stream.destroyed) log.warn('an SFTP session broke off', { user, problem: String(error) });
  }
  await operations
    .release()
    .catch((error) => log.error('an upload could not be kept', { user, error: String(error) }));
}

function greeting(bytes: Buffer): Buffer {
  parseInit(bytes); // every version of a client is answered with ours
  return packet(VERSION, uint32(OUR_VERSION), ...EXTENSIONS.flatMap((name) => [string(name), string('1')]));
}

/** The door at which our own faults are caught: the client is told where in the log they stand. */
async function answer(bytes: Buffer, operations: Operations, user: string, log: Log): Promise<Buffer> {
  let id: number | undefined;
  try {
    const request = parseRequest(bytes);
    id = request.id;
    return await operations.answer(request);
  } catch (error) {
    if (error instanceof BadMessage) {
      if (error.id === undefined) throw error;
      return status(error.id, STATUS.badMessage, error.message);
    }
    const incident = randomUUID();
    log.error('an SFTP request failed', {
      user,
      incident,
      error: String(error),
      cause: String((error as Error).cause ?? ''),
    });
    return status(
      id ?? 0,
      STATUS.failure,
      `The server could not do this; it has logged why under ${incident}`,
    );
  }
}

async function send(stream: Duplex, reply: Buffer): Promise<void> {
  if (stream.destroyed || stream.write(reply)) return;
  const either = new AbortController();
  const { signal } = either;
  await Promise.race([once(stream, 'drain', { signal }), once(stream, 'close', { signal })]).finally(() =>
    either.abort(),
  );
}
