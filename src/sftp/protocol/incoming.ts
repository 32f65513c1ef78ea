import type { Readable } from 'node:stream';
import { MAX_DATA, type Packet, PacketReader } from './packets.ts';
import type { Request } from './request.ts';
import { checkInit, parseRequest } from './requests.ts';
import { BadMessage } from './wire.ts';

// What is read or written at once.
const MOST_WRITTEN = 1024 * 1024; // bytes, and those of one more WRITE
const MOST_REQUESTS = 64; // as many as OpenSSH's client leaves open

type Read = Extract<Request, { type: 'read' }>;
type Write = Extract<Request, { type: 'write' }>;

/**
 * What a client asks, in its order. READs, or WRITEs, that have arrived and go on where the last one ended are one request,
 * because a call of the disk costs more than the bytes. Throws BadMessage where a client breaks the protocol.
 */
export class Incoming {
  readonly #packets: PacketReader;
  readonly #mostRead: number;
  #packet: Packet | undefined; // read, and not yet a request

  /** At most `reads` of the longest READs are one request. `spent` is called with bytes of the stream that nobody looks at any more. */
  constructor(stream: Readable, reads: number, spent: (bytes: Buffer) => void) {
    this.#mostRead = (reads - 1) * MAX_DATA;
    this.#packets = new PacketReader(stream, spent);
  }

  /** False at the end of the stream. */
  async greeted(): Promise<boolean> {
    const packet = await this.#packets.next();
    if (packet) checkInit(packet);
    return packet !== undefined;
  }

  /** Undefined at the end of the stream. */
  async next(): Promise<Request | undefined> {
    const packet = this.#packet ?? (await this.#packets.next());
    this.#packet = undefined;
    const request = packet && parseRequest(packet);
    switch (request?.type) {
      case 'read':
        return this.#joinedReads(request);
      case 'write':
        return this.#joinedWrites(request);
      default:
        return request;
    }
  }

  /** Nobody looks at the requests so far any more. */
  done(): void {
    if (!this.#packet) this.#packets.done();
  }

  #joinedReads(first: Read): Read {
    const next = this.#following(first, this.#mostRead);
    const lengths = [first, ...next].flatMap((one) => one.lengths);
    return { ...first, lengths, more: next.map(({ id }) => id) };
  }

  #joinedWrites(first: Write): Write {
    const next = this.#following(first, MOST_WRITTEN);
    const data = [first, ...next].flatMap((one) => one.data);
    return { ...first, data, more: next.map(({ id }) => id) };
  }

  /** What goes on where the last one ended, until these are more than `most` bytes. */
  #following<Same extends Read | Write>(first: Same, most: number): Same[] {
    const following: Same[] = [];
    let end = first.offset + lengthOf(first);
    while (following.length < MOST_REQUESTS - 1 && end - first.offset <= most) {
      const next = this.#requestHere();
      if (next?.type !== first.type || next.handle !== first.handle || next.offset !== end) break;
      this.#packet = undefined;
      following.push(next as Same);
      end += lengthOf(next);
    }
    return following;
  }

  /** What is wrong with a packet is told when its turn has come. */
  #requestHere(): Read | Write | undefined {
    try {
      this.#packet = this.#packets.nextHere();
      const request = this.#packet && parseRequest(this.#packet);
      return request?.type === 'read' || request?.type === 'write' ? request : undefined;
    } catch (error) {
      if (error instanceof BadMessage) return undefined;
      throw error;
    }
  }
}

function lengthOf(request: Read | Write): number {
  const lengths = request.type === 'read' ? request.lengths : request.data.map(({ length }) => length);
  return lengths.reduce((sum, length) => sum + length, 0);
}
