import type { Readable } from 'node:stream';
import { type Packet, PacketReader } from './packets.ts';
import type { Request } from './request.ts';
import { checkInit, parseRequest } from './requests.ts';
import { BadMessage } from './wire.ts';

// What is written at once.
const MOST_BYTES = 1024 * 1024;
const MOST_WRITES = 64; // as many as OpenSSH's client leaves open

type Write = Extract<Request, { type: 'write' }>;

/**
 * What a client asks, in its order. WRITEs that have arrived and go on where the last one ended are one request, because a
 * call of the disk costs more than the bytes. Throws BadMessage where a client breaks the protocol.
 */
export class Incoming {
  readonly #packets: PacketReader;
  #packet: Packet | undefined; // read, and not yet a request

  /** `spent` is called with bytes of the stream that nobody looks at any more. */
  constructor(stream: Readable, spent: (bytes: Buffer) => void) {
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
    return request?.type === 'write' ? this.#joined(request) : request;
  }

  /** Nobody looks at the requests so far any more. */
  done(): void {
    if (!this.#packet) this.#packets.done();
  }

  #joined(first: Write): Write {
    const writes = [first];
    let end = first.offset + lengthOf(first);
    while (writes.length < MOST_WRITES && end - first.offset < MOST_BYTES) {
      const write = this.#writeHere();
      if (write?.handle !== first.handle || write.offset !== end) break;
      this.#packet = undefined;
      writes.push(write);
      end += lengthOf(write);
    }
    const more = writes.slice(1).map(({ id }) => id);
    return { ...first, data: writes.flatMap(({ data }) => data), more };
  }

  /** What is wrong with a packet is told when its turn has come. */
  #writeHere(): Write | undefined {
    try {
      this.#packet = this.#packets.nextHere();
      const request = this.#packet && parseRequest(this.#packet);
      return request?.type === 'write' ? request : undefined;
    } catch (error) {
      if (error instanceof BadMessage) return undefined;
      throw error;
    }
  }
}

function lengthOf({ data }: Write): number {
  return data.reduce((sum, { length }) => sum + length, 0);
}
