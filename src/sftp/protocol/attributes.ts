// ATTRS of draft-ietf-secsh-filexfer-02, 5.
import type { Attributes, Changes } from '../../inbox/drop.ts';
import { uint32, uint64, type WireReader } from './wire.ts';

const SIZE = 0x1;
const UIDGID = 0x2;
const PERMISSIONS = 0x4;
const ACMODTIME = 0x8;
const EXTENDED = 0x8000_0000;

const FOLDER_MODE = 0o040755;
const FILE_MODE = 0o100644;
const NOBODY = 0; // owner and group: there are none here, but clients want a number

/** What a client asks to change; owner, group and permissions are read and mean nothing here. */
export function readChanges(reader: WireReader): Changes {
  const flags = reader.uint32();
  const size = flags & SIZE ? reader.uint64() : undefined;
  if (flags & UIDGID) {
    reader.uint32();
    reader.uint32();
  }
  if (flags & PERMISSIONS) reader.uint32();
  let mtime: number | undefined;
  if (flags & ACMODTIME) {
    reader.uint32();
    mtime = reader.uint32() * 1000;
  }
  if (flags & EXTENDED) {
    for (let pairs = reader.uint32(); pairs > 0; pairs--) {
      reader.bytes();
      reader.bytes();
    }
  }
  return { size, mtime };
}

/** All four groups, always: some clients take a missing size or type for an error. */
export function attributes({ kind, size, mtime }: Attributes): Buffer {
  const seconds = uint32(Math.floor(mtime / 1000));
  return Buffer.concat([
    uint32(SIZE | UIDGID | PERMISSIONS | ACMODTIME),
    uint64(size),
    uint32(NOBODY),
    uint32(NOBODY),
    uint32(kind === 'folder' ? FOLDER_MODE : FILE_MODE),
    seconds,
    seconds,
  ]);
}
