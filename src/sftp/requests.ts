// The requests of SFTP version 3 (draft-ietf-secsh-filexfer-02, 6) and those extensions of OpenSSH that are announced.
import type { Changes } from '../inbox/drop.ts';
import { readChanges } from './attributes.ts';
import { BadMessage, WireReader } from './wire.ts';

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
  | { readonly type: 'open'; readonly path: string; readonly flags: number }
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
);

type Body = Request extends infer Each ? (Each extends Request ? Omit<Each, 'id'> : never) : never;

/** A request of a packet that is not INIT; throws BadMessage, with the id where it could be read. */
export function parseRequest(bytes: Buffer): Request {
  const reader = new WireReader(bytes);
  const type = reader.byte();
  const id = reader.uint32();
  reader.id = id;
  return { id, ...body(type, reader) } as Request;
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
      return { type: 'stat', path: reader.text() };
    case 8:
      return { type: 'fstat', handle: handle(reader) };
    case 9:
      return { type: 'setstat', path: reader.text(), changes: readChanges(reader) };
    case 10:
      return { type: 'fsetstat', handle: handle(reader), changes: readChanges(reader) };
    case 11:
      return { type: 'opendir', path: reader.text() };
    case 12:
      return { type: 'readdir', handle: handle(reader) };
    case 13:
      return { type: 'remove', path: reader.text() };
    case 14:
      return { type: 'mkdir', path: reader.text() };
    case 15:
      return { type: 'rmdir', path: reader.text() };
    case 16:
      return { type: 'realpath', path: reader.text() };
    case 18:
      return { type: 'rename', path: reader.text(), to: reader.text(), replace: false };
    case 19: // READLINK
    case 20: // SYMLINK
      return { type: 'link', path: reader.text() };
    case 200:
      return extended(reader);
    default:
      return { type: 'unknown', name: `request type ${type}` };
  }
}

/** The attributes that may come with OPEN set permissions, which mean nothing here; only their form is checked. */
function opening(reader: WireReader): Body {
  const path = reader.text();
  const flags = reader.uint32();
  readChanges(reader);
  return { type: 'open', path, flags };
}

function extended(reader: WireReader): Body {
  const name = reader.text();
  switch (name) {
    case 'posix-rename@openssh.com':
      return { type: 'rename', path: reader.text(), to: reader.text(), replace: true };
    case 'fsync@openssh.com':
      return { type: 'fsync', handle: handle(reader) };
    case 'limits@openssh.com':
      return { type: 'limits' };
    default:
      return { type: 'unknown', name };
  }
}

function handle(reader: WireReader): string {
  return reader.bytes().toString('latin1');
}

/** The version of an INIT packet; throws BadMessage when it is another one. */
export function parseInit(bytes: Buffer): number {
  const reader = new WireReader(bytes);
  if (reader.byte() !== 1) throw new BadMessage('the first packet must be INIT');
  return reader.uint32();
}
