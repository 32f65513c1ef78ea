// An SFTP client that sends exactly the bytes it is told to, on a session over a pair of streams in memory.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duplex, duplexPair } from 'node:stream';
import type { SessionLimits } from '../../../src/sftp/limits.ts';
import { serveSftp } from '../../../src/sftp/protocol/session.ts';
import { packet, string, uint32, uint64, WireReader } from '../../../src/sftp/protocol/wire.ts';
import { keptLog } from '../a-log.ts';
import { defaultLimits } from '../some-limits.ts';
import { directoryDrop } from './a-directory-drop.ts';
import { WholePackets } from './whole-packets.ts';

export const TYPE = {
  init: 1,
  open: 3,
  close: 4,
  read: 5,
  write: 6,
  lstat: 7,
  fstat: 8,
  setstat: 9,
  fsetstat: 10,
  opendir: 11,
  readdir: 12,
  remove: 13,
  mkdir: 14,
  rmdir: 15,
  realpath: 16,
  stat: 17,
  rename: 18,
  readlink: 19,
  symlink: 20,
  extended: 200,
} as const;

export const NO_ATTRIBUTES = uint32(0);
export const INIT = packet(TYPE.init, uint32(3));
export const NOW = Date.UTC(2026, 10, 23, 7, 45);

export type Reply =
  | { readonly is: 'status'; readonly id: number; readonly code: number; readonly text: string }
  | { readonly is: 'handle'; readonly id: number; readonly handle: Buffer }
  | { readonly is: 'data'; readonly id: number; readonly bytes: Buffer }
  | { readonly is: 'names'; readonly id: number; readonly names: { name: string; long: string }[] }
  | {
      readonly is: 'attributes';
      readonly id: number;
      readonly size: number;
      readonly mode: number;
      readonly mtime: number;
    }
  | { readonly is: 'extended'; readonly id: number; readonly bytes: Buffer };

/** A request of the type, with the given fields after its id. */
export function request(type: number, id: number, ...fields: readonly Uint8Array[]): Buffer {
  return packet(type, uint32(id), ...fields);
}

export class Conversation {
  readonly #directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  /** Within a directory of the test's own, so that a test may see whether one gets out of it. */
  readonly root = join(this.#directory, 'root');
  readonly journal: string[] = [];
  readonly held = new Set<FileHandle>();
  readonly log = keptLog();
  readonly stream: Duplex;
  /** As when the connection breaks. */
  readonly vanish: () => void;
  /** Resolves when the session is over. */
  readonly over: Promise<void>;
  readonly #replies: WholePackets;
  #id = 0;

  /** `spent` sees what the session will not look at again. */
  constructor(limits: Partial<SessionLimits> = {}, spent: (bytes: Buffer) => void = () => {}) {
    mkdirSync(join(this.root, 'test'), { recursive: true });
    const [ours, theirs] = duplexPair();
    this.stream = ours;
    this.#replies = new WholePackets(ours);
    const gone = new AbortController();
    this.vanish = () => {
      gone.abort();
      ours.destroy();
      theirs.destroy();
    };
    this.over = serveSftp(theirs, {
      drop: directoryDrop(this.root, this.journal, this.held),
      user: 'partner',
      limits: { ...defaultLimits(), ...limits },
      log: this.log,
      clock: () => NOW,
      gone: gone.signal,
      spent,
    }).then(() => void theirs.end());
  }

  /** A session that has been greeted. */
  static async begin(limits: Partial<SessionLimits> = {}): Promise<Conversation> {
    const conversation = new Conversation(limits);
    conversation.stream.write(INIT);
    await conversation.packet();
    return conversation;
  }

  /** The next packet from the server; undefined when it has ended the session. */
  packet(): Promise<Buffer | undefined> {
    return this.#replies.next();
  }

  async reply(): Promise<Reply> {
    const bytes = await this.packet();
    if (!bytes) throw new Error('the server has ended the session');
    return parseReply(bytes);
  }

  async ask(type: number, ...fields: readonly Uint8Array[]): Promise<Reply> {
    const id = ++this.#id;
    this.stream.write(request(type, id, ...fields));
    const reply = await this.reply();
    if (reply.id !== id) throw new Error(`the answer to ${id} has the id ${reply.id}`);
    return reply;
  }

  /** The handle of an OPEN that must be possible. */
  async open(path: string, flags: number): Promise<Buffer> {
    const reply = await this.ask(TYPE.open, string(path), uint32(flags), NO_ATTRIBUTES);
    if (reply.is !== 'handle') throw new Error(`cannot open ${path}: ${JSON.stringify(reply)}`);
    return reply.handle;
  }

  write(handle: Buffer, offset: number, bytes: string | Uint8Array): Promise<Reply> {
    return this.ask(TYPE.write, string(handle), uint64(offset), string(bytes));
  }

  close(handle: Buffer): Promise<Reply> {
    return this.ask(TYPE.close, string(handle));
  }

  async end(): Promise<void> {
    this.vanish();
    await this.over;
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

export function parseReply(bytes: Buffer): Reply {
  const reader = new WireReader(bytes);
  const type = reader.byte();
  const id = reader.uint32();
  switch (type) {
    case 101:
      return { is: 'status', id, code: reader.uint32(), text: reader.text() };
    case 102:
      return { is: 'handle', id, handle: reader.bytes() };
    case 103:
      return { is: 'data', id, bytes: reader.bytes() };
    case 104: {
      const names = Array.from({ length: reader.uint32() }, () => {
        const entry = { name: reader.text(), long: reader.text() };
        readAttributes(reader);
        return entry;
      });
      return { is: 'names', id, names };
    }
    case 105:
      return { is: 'attributes', id, ...readAttributes(reader) };
    case 201:
      return { is: 'extended', id, bytes: bytes.subarray(5) };
    default:
      throw new Error(`an answer of type ${type}`);
  }
}

/** As a strict client: a server must send size, owner, mode and times, always. */
function readAttributes(reader: WireReader): { size: number; mode: number; mtime: number } {
  if (reader.uint32() !== 0xf) throw new Error('there are attributes missing');
  const size = reader.uint64();
  reader.uint32();
  reader.uint32();
  const mode = reader.uint32();
  reader.uint32();
  return { size, mode, mtime: reader.uint32() };
}
