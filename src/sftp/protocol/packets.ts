import type { Readable } from 'node:stream';
import { BadMessage } from './wire.ts';

export const MAX_PACKET = 262_144; // bytes: what OpenSSH allows and announces with limits@openssh.com
export const MAX_DATA = 261_120; // bytes of one READ or WRITE: MAX_PACKET less a kilobyte for the rest of the packet

const HEAD = 4; // bytes: the length of what follows

/** The packets of a stream, whole, without their length. The stream copies only what came in several pieces, and nothing twice. */
export class PacketReader {
  readonly #stream: Readable;
  #wake = () => {};
  #over: boolean;
  #length: number | undefined; // of the packet whose head has been read

  constructor(stream: Readable) {
    this.#stream = stream;
    this.#over = stream.readableEnded || stream.destroyed;
    stream.on('readable', () => this.#wake());
    for (const end of ['end', 'close', 'error']) {
      stream.on(end, () => {
        this.#over = true;
        this.#wake();
      });
    }
  }

  /** Undefined at the end of the stream, also where it breaks off in a packet; throws BadMessage where a length cannot be one. */
  async next(): Promise<Buffer | undefined> {
    for (;;) {
      const packet = this.nextHere();
      if (packet || this.#over) return packet;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The next packet, if all of it is here. Throws BadMessage as `next` does. */
  nextHere(): Buffer | undefined {
    this.#length ??= this.#readLength();
    if (this.#length === undefined) return undefined;
    const packet: Buffer | null = this.#stream.read(checked(this.#length));
    if (packet?.length !== this.#length) return undefined; // what is there when the stream ends is given, too
    this.#length = undefined;
    return packet;
  }

  #readLength(): number | undefined {
    const head: Buffer | null = this.#stream.read(HEAD);
    return head?.length === HEAD ? head.readUInt32BE(0) : undefined;
  }
}

function checked(length: number): number {
  if (length === 0 || length > MAX_PACKET) {
    throw new BadMessage(`a packet of ${length} bytes, which must be 1 to ${MAX_PACKET}`);
  }
  return length;
}
