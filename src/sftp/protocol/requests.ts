// The requests of SFTP version 3 (draft-ietf-secsh-filexfer-02, 6) and those extensions of OpenSSH that are announced.
import type { Changes } from '../../inbox/drop.ts';
import { readChanges } from './attributes.ts';
import { readPath } from './paths.ts';
import { BadMessage, WireReader } from './wire.ts';

const INIT = 1;
const LONGEST_NAME = 100; // characters: an unknown request's name comes back in the answer

/** The bits of OPEN (6.3). */
export const OPEN = {
  read: 0x1,
  write: 0x2,
  append: 0x4,
  create: 0x8,
  truncate: 0x10,
  exclusive: 0x20,
} as const;

export type Request = { readonly id: number } & (
  | {
      readonly type: 'open';
      readonly path: string;
      readonly flags: number;
      readonly size: number | undefined;
    }
  | { readonly type: 'close' | 'fstat' | 'readdir' | 'fsync'; readonly handle: string }
  | { readonly type: 'read'; readonly handle: string; readonly offset: number; readonly length: number }
  | { readonly type: 'write'; readonly handle: string; readonly offset: number; readonly data: Buffer }
  | { readonly type: 'fsetstat'; readonly handle: string; readonly changes: Changes }
  | { readonly type: 'setstat'; readonly path: string; readonly changes: Changes }
  | {
      readonly type: 'stat' | 'opendir' | 'remove' | 'mkdir' | 'rmdir' | 'realpath' | 'link';
      readonly path: string;
    }
  | { readonly type: 'rename'; readonly path: string; readonly to: string; readonly replace: boolean }
  | { readonly type: 'limits' }
  | { readonly type: 'unknown'; readonly name: string }
  | { readonly type: 'malformed'; readonly problem: string }
);

type Body = Request extends infer Each ? (Each extends Request ? Omit<Each, 'id'> : never) : never;

/** The request of a packet that is not INIT; throws BadMessage when it has not even an id to answer to. */
export function parseRequest(bytes: Buffer): Request {
  const reader = new WireReader(bytes);
  const type = reader.byte();
  const id = reader.uint32();
  return { id, ...wellFormed(() => body(type, reader)) } as Request;
}

function wellFormed(parse: () => Body): Body {
  try {
    return parse();
  } catch (error) {
    if (error instanceof BadMessage) return { type: 'malformed', problem: error.message };
    throw error;
  }
}

function body(type: number, reader: WireReader): Body {
  switch (type) {
    case 3:
      return opening(reader);
    case 4:
      return { type: 'close', handle: handle(reader) };
    case 5:
      return { type: 'read', handle: handle(reader), offset: reader.uint64(), length: reader.uint32() };
    case 6:
      return { type: 'write', handle: handle(reader), offset: reader.uint64(), data: reader.bytes() };
    case 7: // LSTAT: there are no links
    case 17:
      return { type: 'stat', path: readPath(reader) };
    case 8:
      return { type: 'fstat', handle: handle(reader) };
    case 9:
      return { type: 'setstat', path: readPath(reader), changes: readChanges(reader) };
    case 10:
      return { type: 'fsetstat', handle: handle(reader), changes: readChanges(reader) };
    case 11:
      return { type: 'opendir', path: readPath(reader) };
    case 12:
      return { type: 'readdir', handle: handle(reader) };
    case 13:
      return { type: 'remove', path: readPath(reader) };
    case 14:
      return { type: 'mkdir', path: readPath(reader) };
    case 15:
      return { type: 'rmdir', path: readPath(reader) };
    case 16:
      return { type: 'realpath', path: readPath(reader) };
    case 18:
      return { type: 'rename', path: readPath(reader), to: readPath(reader), replace: false };
    case 19: // READLINK
    case 20: // SYMLINK
      return { type: 'link', path: readPath(reader) };
    case 200:
      return extended(reader);
    default:
      return { type: 'unknown', name: `request type ${type}` };
  }
}

/** Of the attributes that may come with OPEN, only the size that a client declares means something here. */
function opening(reader: WireReader): Body {
  const path = readPath(reader);
  const flags = reader.uint32();
  const { size } = readChanges(reader);
  return { type: 'open', path, flags, size };
}

function extended(reader: WireReader): Body {
  const name = reader.text();
  switch (name) {
    case 'posix-rename@openssh.com':
      return { type: 'rename', path: readPath(reader), to: readPath(reader), replace: true };
    case 'fsync@openssh.com':
      return { type: 'fsync', handle: handle(reader) };
    case 'limits@openssh.com':
      return { type: 'limits' };
    default:
      return { type: 'unknown', name: name.slice(0, LONGEST_NAME) };
  }
}

function handle(reader: WireReader): string {
  return reader.bytes().toString('latin1');
}

/** Throws BadMessage when a packet is not INIT; its version does not matter, as ours is the answer to any. */
export function checkInit(bytes: Buffer): void {
  const reader = new WireReader(bytes);
  if (reader.byte() !== INIT) throw new BadMessage('the first packet must be INIT');
  reader.uint32();
}
