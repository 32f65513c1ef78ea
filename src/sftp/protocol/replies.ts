// The packets that answer a request and carry something; STATUS is in status.ts.
import type { Attributes, Listed, Space } from '../../inbox/drop.ts';
import { attributes } from './attributes.ts';
import { EXTENSIONS } from './extensions.ts';
import { longName } from './long-name.ts';
import { MAX_DATA, MAX_PACKET } from './packets.ts';
import { repeated, STATUS, status } from './status.ts';
import { packet, string, uint32, uint64 } from './wire.ts';

const VERSION = 2;
const HANDLE = 102;
const DATA = 103;
const DATA_HEAD = 13; // bytes: length, type, id, length of what follows
const NAME = 104;
const ATTRS = 105;
const EXTENDED_REPLY = 201;

const OUR_VERSION = 3;
const NO_SET_UID = 0x2; // of f_flag

/** The answer to INIT, whatever version the client has. */
export function version(): Buffer {
  const extensions = [...EXTENSIONS].flatMap(([name, { version }]) => [string(name), string(version)]);
  return packet(VERSION, uint32(OUR_VERSION), ...extensions);
}

export function handle(id: number, name: string): Buffer {
  return packet(HANDLE, uint32(id), string(name));
}

/** Room for DATA packets one behind the other. */
type Room = { readonly packets: Buffer; readonly pieces: readonly Buffer[] };

/** Of so many bytes each: what is read into their pieces, behind their heads, need not be copied. */
export function roomForData(lengths: readonly number[]): Room {
  const packets = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + DATA_HEAD + length, 0));
  let end = 0;
  const pieces = lengths.map((length) => {
    const start = end + DATA_HEAD;
    end = start + length;
    return packets.subarray(start, end);
  });
  return { packets, pieces };
}

/** DATA with the first `read` bytes of the room; who gets none, and asked for some, the STATUS that says that the file has no more. */
export function data(ids: readonly number[], { packets, pieces }: Room, read: number): Buffer {
  let end = 0;
  let rest = read;
  for (const [n, id] of ids.entries()) {
    const room = pieces[n]?.length ?? 0;
    const length = Math.min(room, rest);
    if (length === 0 && room > 0) return Buffer.concat([packets.subarray(0, end), ended(ids.slice(n))]);
    packets.writeUInt32BE(DATA_HEAD - 4 + length, end);
    packets[end + 4] = DATA;
    packets.writeUInt32BE(id, end + 5);
    packets.writeUInt32BE(length, end + 9);
    end += DATA_HEAD + length;
    rest -= length;
  }
  return packets.subarray(0, end);
}

function ended([id = 0, ...more]: readonly number[]): Buffer {
  return repeated(status(id, STATUS.eof, 'End of file'), more);
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
export function limits(id: number, handles: number): Buffer {
  return packet(EXTENDED_REPLY, uint32(id), ...[MAX_PACKET, MAX_DATA, MAX_DATA, handles].map(uint64));
}

/** What statvfs@openssh.com and fstatvfs@openssh.com ask for. */
export function space(id: number, { blockSize, blocks, free, files, freeFiles, longestName }: Space): Buffer {
  const sizes = [blockSize, blockSize, blocks, free, free];
  const rest = [files, freeFiles, freeFiles, 0, NO_SET_UID, longestName];
  return packet(EXTENDED_REPLY, uint32(id), ...[...sizes, ...rest].map(uint64));
}
