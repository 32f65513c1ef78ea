import type { Readable } from 'node:stream';
import { BadMessage } from './wire.ts';

export const MAX_PACKET = 262_144; // bytes: what OpenSSH allows and announces with limits@openssh.com
export const MAX_DATA = 261_120; // bytes of one READ or WRITE: MAX_PACKET less a kilobyte for the rest of the packet

/** The packets of a stream, whole, without their length; throws BadMessage where a length cannot be one. */
export async function* packets(stream: Readable): AsyncGenerator<Buffer> {
  const bytes = new Bytes(stream);
  for (;;) {
    const head = await bytes.take(4);
    if (!head) return;
    const body = await bytes.take(checkedLength(head.readUInt32BE(0)));
    if (!body) return;
    yield body;
  }
}

function checkedLength(length: number): number {
  if (length === 0 || length > MAX_PACKET) {
    throw new BadMessage(`a packet of ${length} bytes, which must be 1 to ${MAX_PACKET}`);
  }
  return length;
}

/** Reads by number of bytes: the stream copies only what came in several pieces, and nothing twice. */
class Bytes {
  readonly #stream: Readable;
  #wake = () => {};
  #over: boolean;

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

  /** Undefined at the end of the stream, also where it breaks off before `length` bytes. */
  async take(length: number): Promise<Buffer | undefined> {
    for (;;) {
      const bytes: Buffer | null = this.#stream.read(length);
      if (bytes) return bytes.length === length ? bytes : undefined;
      if (this.#over) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
