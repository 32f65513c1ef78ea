// `md5sum`, `sha1sum` and `sha256sum`, as coreutils have them: rclone compares what it has sent with what has arrived. Nothing is
// ever started for a client.
import { createHash, type Hash } from 'node:crypto';
import { posix } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import type { Log } from '../../domain/log.ts';
import { ok, type Result, refused } from '../../domain/refusal.ts';
import type { Drop, DropRefusal, ReadHandle } from '../../inbox/drop.ts';
import type { Activity } from '../protocol/activity.ts';
import { incident } from '../protocol/incident.ts';
import { wordsOf } from './words.ts';

const PROGRAMS: Readonly<Record<string, string>> = { md5sum: 'md5', sha1sum: 'sha1', sha256sum: 'sha256' };
const BLOCK = 256 * 1024; // bytes read at a time

/** What is asked for: the sum of a file, as its path was written, or without one of what the client sends. */
export type Checksum = {
  readonly program: string;
  readonly algorithm: string;
  readonly path: string | undefined;
};

type Io = { readonly input: Readable; readonly output: Writable; readonly errors: Writable };

type Options = {
  readonly drop: Drop;
  readonly user: string;
  readonly log: Log;
  readonly activity: Activity;
  /** Aborted when nobody waits for the sum any more. */
  readonly gone: AbortSignal;
};

/** Undefined where a command is anything else, with options or several files for instance. */
export function checksumOf(command: string): Checksum | undefined {
  const [program = '', path, ...more] = wordsOf(command) ?? [];
  const algorithm = Object.hasOwn(PROGRAMS, program) ? PROGRAMS[program] : undefined;
  if (!algorithm || more.length > 0 || path === '' || path?.startsWith('-')) return undefined;
  return { program, algorithm, path };
}

/** Writes the sum, or why there is none; resolves to the exit status. Never throws. */
export async function answerChecksum(
  checksum: Checksum,
  { input, output, errors }: Io,
  options: Options,
): Promise<number> {
  const { program, path = '-' } = checksum;
  const sum = await sumOf(checksum, input, options).catch((error) => {
    return refused('failed', incident(options.log, 'a sum could not be made', { user: options.user }, error));
  });
  if (!sum.ok) {
    errors.write(`${program}: ${path}: ${sum.message}\n`);
    return 1;
  }
  output.write(lineOf(sum.value, path));
  return 0;
}

async function sumOf(
  { algorithm, path }: Checksum,
  input: Readable,
  options: Options,
): Promise<Result<string, DropRefusal>> {
  const hash = createHash(algorithm);
  if (path === undefined) {
    await hashStream(hash, input, options.activity);
  } else {
    const hashed = await hashPath(hash, posix.resolve('/', path), options);
    if (!hashed.ok) return hashed;
  }
  if (options.gone.aborted) return refused('failed', 'The connection was lost');
  return ok(hash.digest('hex'));
}

async function hashStream(hash: Hash, input: Readable, activity: Activity): Promise<void> {
  for await (const bytes of input) {
    activity.request();
    hash.update(bytes);
  }
}

async function hashPath(hash: Hash, path: string, options: Options): Promise<Result<undefined, DropRefusal>> {
  const opened = await options.drop.openRead(path);
  if (!opened.ok) return opened;
  try {
    return await hashFile(hash, opened.value, options);
  } finally {
    await opened.value.close();
  }
}

async function hashFile(
  hash: Hash,
  file: ReadHandle,
  { activity, gone }: Options,
): Promise<Result<undefined, DropRefusal>> {
  const block = Buffer.allocUnsafe(BLOCK);
  for (let offset = 0; !gone.aborted; ) {
    activity.request();
    const read = await file.read(offset, block);
    if (!read.ok) return read;
    if (read.value === 0) break;
    hash.update(block.subarray(0, read.value));
    offset += read.value;
  }
  return ok(undefined);
}

/** A name that would break the line is escaped, and the line begins with a backslash then. */
function lineOf(sum: string, path: string): string {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `${escaped === path ? '' : '\\'}${sum}  ${escaped}\n`;
}
