import { posix } from 'node:path';
import { BadMessage, type WireReader } from './wire.ts';

const MAX_PATH = 4096; // characters, as Linux has it: a path comes back in answers, which have a limit too

/** A path in its absolute, normal form; `..` never leads above the root. Throws BadMessage for what can be no path. */
export function readPath(reader: WireReader): string {
  const path = reader.text();
  if (path.length > MAX_PATH) throw new BadMessage(`a path is longer than ${MAX_PATH} characters`);
  if (path.includes('\0')) throw new BadMessage('a path has a NUL character');
  return posix.resolve('/', path);
}
