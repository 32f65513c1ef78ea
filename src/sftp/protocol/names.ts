import { posix } from 'node:path';
import { BadMessage, type WireReader } from './wire.ts';

const MAX_PATH = 4096; // characters, as Linux has it: a path comes back in answers, which have a limit too

/** A path in its absolute, normal form; `..` never leads above the root. Throws BadMessage for what can be no path. */
export function readPath(reader: WireReader): string {
  return normalPath(reader.text());
}

/** A path that may begin with `~` or `~user`, as in a shell; without one, it is that of the root. */
export function readShellPath(reader: WireReader): { path: string; user: string | undefined } {
  const text = reader.text();
  const [home, user] = /^~([^/]*)/.exec(text) ?? ['', undefined];
  return { path: normalPath(text.slice(home.length).replace(/^\/+/, '')), user };
}

function normalPath(path: string): string {
  if (path.length > MAX_PATH) throw new BadMessage(`a path is longer than ${MAX_PATH} characters`);
  if (path.includes('\0')) throw new BadMessage('a path has a NUL character');
  return posix.resolve('/', path);
}

export function readHandle(reader: WireReader): string {
  return reader.bytes().toString('latin1');
}
