import type { Readable } from 'node:stream';
import { setImmediate as endOfTurn } from 'node:timers/promises';
import { Pieces } from './pieces.ts';
import { BadMessage } from './wire.ts';

export const MAX_PACKET = 262_144; // bytes: what OpenSSH allows and announces with limits@openssh.com
export const MAX_DATA = 261_120; // bytes of one READ or WRITE: MAX_PACKET less a kilobyte for the rest of the packet

const HEAD = 4; // bytes: the length of what follows

// Bytes that are taken from the stream before anybody has looked at them: a packet of any length, or what comes with a large one.
const ENOUGH = HEAD + MAX_PACKET;
const LARGE = 16 * 1024;
const MANY = 1024 * 1024;

/** What follows a packet's length, in the pieces in which it came. */
export type Packet = readonly [Buffer, ...Buffer[]];

/** The packets of a stream. Nothing is copied. */
export class PacketReader {
  readonly #stream: Readable;
  readonly #pieces: Pieces;
  #most = ENOUGH;
  #wake = () => {};
  #over: boolean;
  #length: number | undefined; // of the packet whose head has been read

  /** `spent` is called with bytes of the stream that nobody looks at any more. */
  constructor(stream: Readable, spent: (bytes: Buffer) => void) {
    this.#stream = stream;
    this.#pieces = new Pieces(spent);
    this.#over = stream.readableEnded || stream.destroyed;
    stream.on('data', (bytes: Buffer) => {
      this.#pieces.add(bytes);
      if (this.#pieces.length >= this.#most) stream.pause();
      if (this.#pieces.length >= (this.#length ?? HEAD)) this.#wake();
    });
    for (const end of ['end', 'close', 'error']) stream.on(end, () => this.#end());
  }

  /** Undefined at the end of the stream, also where it breaks off in a packet; throws BadMessage where a length cannot be one. */
  async next(): Promise<Packet | undefined> {
    while (!this.#whole() && !this.#over) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#length !== undefined && this.#length >= LARGE) await this.#gather();
    return this.nextHere();
  }

  /** The next packet, if all of it is here. Throws BadMessage as `next` does. */
  nextHere(): Packet | undefined {
    const packet = this.#whole() ? this.#pieces.take(this.#length ?? 0) : undefined;
    if (packet) this.#length = undefined;
    if (this.#pieces.length < this.#most) this.#stream.resume();
    return packet;
  }

  /** No packet that was read so far is looked at any more. */
  done(): void {
    this.#pieces.done();
  }

  /** All of the next packet is here. */
  #whole(): boolean {
    if (this.#length === undefined) {
      const head = this.#pieces.take(HEAD);
      if (!head) return false;
      this.#length = Buffer.concat(head).readUInt32BE(0);
    }
    return this.#pieces.length >= checked(this.#length);
  }

  /** A large packet seldom comes alone: more of its kind, which arrive in the same turn, can be written with it. */
  async #gather(): Promise<void> {
    this.#most = MANY;
    if (this.#pieces.length < MANY) this.#stream.resume();
    await endOfTurn();
    this.#most = ENOUGH;
  }

  #end(): void {
    const rest: Buffer | null = this.#stream.read(); // of a stream that broke while it was paused
    if (rest) this.#pieces.add(rest);
    this.#over = true;
    this.#wake();
  }
}

function checked(length: number): number {
  if (length === 0 || length > MAX_PACKET) {
    throw new BadMessage(`a packet of ${length} bytes, which must be 1 to ${MAX_PACKET}`);
  }
  return length;
}
