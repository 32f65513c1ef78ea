// The packets that answer a request and carry something; STATUS is in status.ts.
import type { Attributes, Listed } from '../../inbox/drop.ts';
import { attributes } from './attributes.ts';
import { MAX_HANDLES } from './handles.ts';
import { longName } from './long-name.ts';
import { MAX_DATA, MAX_PACKET } from './packets.ts';
import { STATUS, status } from './status.ts';
import { packet, string, uint32, uint64 } from './wire.ts';

const VERSION = 2;
const HANDLE = 102;
const DATA = 103;
const NAME = 104;
const ATTRS = 105;
const EXTENDED_REPLY = 201;

const OUR_VERSION = 3;
const EXTENSIONS = ['posix-rename@openssh.com', 'fsync@openssh.com', 'limits@openssh.com']; // only what works

/** The answer to INIT, whatever version the client has. */
export function version(): Buffer {
  return packet(VERSION, uint32(OUR_VERSION), ...EXTENSIONS.flatMap((name) => [string(name), string('1')]));
}

export function handle(id: number, name: string): Buffer {
  return packet(HANDLE, uint32(id), string(name));
}

/** DATA, or the STATUS that says that the file has no more. */
export function data(id: number, bytes: Uint8Array): Buffer {
  if (bytes.length === 0) return status(id, STATUS.eof, 'End of file');
  return packet(DATA, uint32(id), uint32(bytes.length), bytes);
}

/** NAME; `owner` and `now` (ms) are for the long names. */
export function names(id: number, listed: readonly Listed[], owner: string, now: number): Buffer {
  const parts = listed.flatMap((one) => [
    string(one.name),
    string(longName(one, owner, now)),
    attributes(one),
  ]);
  return packet(NAME, uint32(id), uint32(listed.length), ...parts);
}

export function attrs(id: number, found: Attributes): Buffer {
  return packet(ATTRS, uint32(id), attributes(found));
}

/** What limits@openssh.com asks for: the longest packet, READ and WRITE in bytes, and how many handles. */
export function limits(id: number): Buffer {
  return packet(EXTENDED_REPLY, uint32(id), ...[MAX_PACKET, MAX_DATA, MAX_DATA, MAX_HANDLES].map(uint64));
}
