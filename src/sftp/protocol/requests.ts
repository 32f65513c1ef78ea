// The requests of SFTP version 3 (draft-ietf-secsh-filexfer-02, 6); extensions are in `extensions.ts`.
import { readChanges } from './attributes.ts';
import { EXTENSIONS } from './extensions.ts';
import { readHandle, readPath } from './names.ts';
import { MAX_DATA, type Packet } from './packets.ts';
import type { Body, Request } from './request.ts';
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

/** The request of a packet that is not INIT; throws BadMessage when it has not even an id to answer to. */
export function parseRequest(packet: Packet): Request {
  const reader = new WireReader(...packet);
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
      return { type: 'close', handle: readHandle(reader) };
    case 5:
      return reading(reader);
    case 6:
      return writing(reader);
    case 7: // LSTAT: there are no links
    case 17:
      return { type: 'stat', path: readPath(reader) };
    case 8:
      return { type: 'fstat', handle: readHandle(reader) };
    case 9:
      return { type: 'setstat', path: readPath(reader), changes: readChanges(reader) };
    case 10:
      return { type: 'fsetstat', handle: readHandle(reader), changes: readChanges(reader) };
    case 11:
      return { type: 'opendir', path: readPath(reader) };
    case 12:
      return { type: 'readdir', handle: readHandle(reader) };
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

/** A READ may be answered with fewer bytes than it asks for. */
function reading(reader: WireReader): Body {
  const [handle, offset, length] = [readHandle(reader), reader.uint64(), reader.uint32()];
  return { type: 'read', handle, offset, lengths: [Math.min(length, MAX_DATA)], more: [] };
}

function writing(reader: WireReader): Body {
  const [handle, offset, data] = [readHandle(reader), reader.uint64(), reader.pieces()];
  return { type: 'write', handle, offset, data, more: [] };
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
  const extension = EXTENSIONS.get(name);
  return extension ? extension.parse(reader) : { type: 'unknown', name: name.slice(0, LONGEST_NAME) };
}

/** Throws BadMessage when a packet is not INIT; its version does not matter, as ours is the answer to any. */
export function checkInit(packet: Packet): void {
  const reader = new WireReader(...packet);
  if (reader.byte() !== INIT) throw new BadMessage('the first packet must be INIT');
  reader.uint32();
}
