// Packets as clients send them, and what becomes of them on the way through a bad day.
import { packet, string, uint32, uint64 } from '../../src/sftp/protocol/wire.ts';
import { INIT, request, TYPE } from '../../test/sftp/protocol/a-conversation.ts';
import type { Random } from '../random.ts';

const PATHS = [
  ...['/test/a.csv', '/test/b.csv', '/test/c.csv.part', '/live/a.csv', '/test/../live/b.csv', 'test/ü.csv'],
  ...[
    '/',
    '',
    '.',
    '/test',
    '/live/',
    '/imports_processed',
    '/imports_reports/a.csv',
    '/nowhere',
    '../../etc',
  ],
  ...['/test/deep/er.csv', '/test/\0', '/test/\n.csv', `/test/${'x'.repeat(300)}`, 'y'.repeat(5000)],
].map((path) => Buffer.from(path));
const NO_UTF8 = Buffer.from([0x2f, 0xff, 0xfe]);
const EXTENSIONS = [
  ...['posix-rename@openssh.com', 'fsync@openssh.com', 'limits@openssh.com', 'statvfs@openssh.com'],
  ...['fstatvfs@openssh.com', 'lsetstat@openssh.com', 'expand-path@openssh.com', 'home-directory'],
  ...['copy-data', 'hardlink@openssh.com', 'users-groups-by-id@openssh.com', '', 'x'.repeat(500)],
];
const GIB = 1024 ** 3;
const NUMBERS = [0, 1, 4, 5, 255, 0x7fff_ffff, 0x8000_0000, 0x8000_000f, 262_144, 262_145, 0xffff_ffff];
const OFFSETS = [0, 1, 7, 4096, 300_000, 8 * GIB - 1, 8 * GIB, Number.MAX_SAFE_INTEGER].map(uint64);
const BEYOND = [Buffer.alloc(8, 0xff), Buffer.from('8000000000000000', 'hex')];
const LENGTHS = [0, 0, 1, 10, 100, 1000, 32_768];
const REQUESTS = [...Object.values(TYPE).filter((type) => type !== TYPE.init), TYPE.write, TYPE.open];

/** A request as it should be, on a path or one of `handles`. */
export function validRequest(random: Random, id: number, handles: readonly Buffer[]): Buffer {
  const type = random.pick(REQUESTS);
  return request(type, id, ...fields(type, random, handles));
}

function fields(type: number, random: Random, handles: readonly Buffer[]): Buffer[] {
  switch (type) {
    case TYPE.open:
      return [path(random), uint32(random.below(64)), attributes(random)];
    case TYPE.close:
    case TYPE.fstat:
    case TYPE.readdir:
      return [handle(random, handles)];
    case TYPE.read:
      return [handle(random, handles), offset(random), uint32(number(random))];
    case TYPE.write:
      return [handle(random, handles), offset(random), string(data(random))];
    case TYPE.setstat:
    case TYPE.mkdir:
      return [path(random), attributes(random)];
    case TYPE.fsetstat:
      return [handle(random, handles), attributes(random)];
    case TYPE.rename:
    case TYPE.symlink:
      return [path(random), path(random)];
    case TYPE.extended:
      return extended(random, handles);
    default:
      return [path(random)];
  }
}

function extended(random: Random, handles: readonly Buffer[]): Buffer[] {
  const name = random.pick(EXTENSIONS);
  if (name.includes('rename') || name.includes('hardlink')) return [string(name), path(random), path(random)];
  if (name.startsWith('f')) return [string(name), handle(random, handles)];
  if (name !== 'copy-data') return [string(name), path(random), attributes(random)];
  const [from, to] = [handle(random, handles), handle(random, handles)];
  return [string(name), from, offset(random), offset(random), to, offset(random)];
}

function path(random: Random): Buffer {
  return string(
    random.chance(0.02)
      ? NO_UTF8
      : random.chance(0.7)
        ? (PATHS[random.below(4)] ?? NO_UTF8)
        : random.pick(PATHS),
  );
}

function handle(random: Random, handles: readonly Buffer[]): Buffer {
  if (handles.length > 0 && random.chance(0.9)) return string(random.pick(handles));
  return string(random.pick(['', '0', '1', '__proto__', 'h'.repeat(257), 'h'.repeat(100_000)]));
}

function offset(random: Random): Buffer {
  return random.chance(0.02) ? random.pick(BEYOND) : random.pick(OFFSETS);
}

function number(random: Random): number {
  return random.chance(0.7) ? random.below(1000) : random.pick(NUMBERS);
}

function data(random: Random): Buffer {
  return Buffer.alloc(random.chance(0.01) ? 262_000 : random.pick(LENGTHS), random.uint32() & 0xff);
}

/** ATTRS with any combination of its groups. */
function attributes(random: Random): Buffer {
  const flags = random.below(16);
  const parts = [uint32(flags)];
  if (flags & 0x1) parts.push(offset(random));
  if (flags & 0x2) parts.push(Buffer.alloc(8));
  if (flags & 0x4) parts.push(uint32(0o777));
  if (flags & 0x8) parts.push(uint32(number(random)), uint32(number(random)));
  return Buffer.concat(parts);
}

/** The packet with one thing wrong; most are still packets, so that the session lives. */
export function mutated(random: Random, whole: Buffer): Buffer {
  const body = Buffer.from(whole.subarray(4));
  const framed = (bytes: Buffer) => Buffer.concat([uint32(bytes.length), bytes]);
  switch (random.below(10)) {
    case 0: // bits
      for (let flips = 1 + random.below(8); flips > 0; flips--) flip(random, body);
      return framed(body);
    case 1: // a number somewhere in it, such as a count or a length that lies
      if (body.length >= 9) body.writeUInt32BE(random.pick(NUMBERS), 5 + random.below(body.length - 8));
      return framed(body);
    case 2: // the type
      body[0] = random.below(256);
      return framed(body);
    case 3: // cut off
      return framed(body.subarray(0, 5 + random.below(Math.max(1, body.length - 5))));
    case 4: // too much
      return framed(Buffer.concat([body, random.bytes(random.below(50))]));
    case 5: // a second INIT
      return INIT;
    case 6: // nothing of it right but its frame
      return packet(random.below(256), random.bytes(4 + random.below(60)));
    case 7: // attributes, or names, without end
      return framed(
        Buffer.concat([body.subarray(0, 5), string('/test/a.csv'), uint32(0x8000_0000), uint32(0xffff_ffff)]),
      );
    case 8: // sent twice
      return Buffer.concat([whole, whole]);
    default:
      return random.chance(0.05) ? unframed(random, whole) : whole;
  }
}

/** No packet any more, or one that swallows what follows. */
function unframed(random: Random, whole: Buffer): Buffer {
  const bytes = Buffer.from(whole);
  switch (random.below(3)) {
    case 0:
      bytes.writeUInt32BE(random.pick(NUMBERS));
      return bytes;
    case 1:
      return bytes.subarray(0, random.below(bytes.length));
    default:
      return Buffer.concat([random.bytes(random.below(20)), bytes]);
  }
}

function flip(random: Random, bytes: Buffer): void {
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
}
