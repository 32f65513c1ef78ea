const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A packet does not say what its type must say. */
export class BadMessage extends Error {}

/** Reads the data types of RFC 4251, 5 one after the other; throws BadMessage where there are not enough bytes. */
export class WireReader {
  #bytes: Buffer;
  #more: readonly Buffer[];
  #at = 0;

  /** Of bytes that may go on in further pieces. */
  constructor(bytes: Buffer, ...more: readonly Buffer[]) {
    this.#bytes = bytes;
    this.#more = more;
  }

  byte(): number {
    return this.#take(1)[0] ?? 0;
  }

  uint32(): number {
    return this.#take(4).readUInt32BE(0);
  }

  /** As a number: sizes and offsets here stay below 2^53. */
  uint64(): number {
    const value = Number(this.#take(8).readBigUInt64BE(0));
    if (!Number.isSafeInteger(value)) throw new BadMessage('a number is too large');
    return value;
  }

  /** A view of the packet, not a copy. */
  bytes(): Buffer {
    return this.#take(this.uint32());
  }

  /** As `bytes`, in the pieces in which they came; nothing can be read behind them. */
  pieces(): Buffer[] {
    const length = this.uint32();
    const here = this.#take(Math.min(length, this.#bytes.length - this.#at));
    const taken = [here];
    let missing = length - here.length;
    for (const piece of this.#more) {
      if (missing === 0) break;
      const part = piece.subarray(0, missing);
      taken.push(part);
      missing -= part.length;
    }
    if (missing > 0) throw tooShort();
    return taken;
  }

  text(): string {
    const bytes = this.bytes();
    try {
      return UTF8.decode(bytes);
    } catch {
      throw new BadMessage('a name is not UTF-8; set the client to UTF-8');
    }
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) this.#join();
    if (end > this.#bytes.length) throw tooShort();
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }

  #join(): void {
    this.#bytes = Buffer.concat([this.#bytes, ...this.#more]);
    this.#more = [];
  }
}

function tooShort(): BadMessage {
  return new BadMessage('the packet is too short');
}

/** One packet: uint32 length, byte type, and what follows (draft-ietf-secsh-filexfer-02, 3). */
export function packet(type: number, ...parts: readonly Uint8Array[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 1);
  const head = Buffer.allocUnsafe(5);
  head.writeUInt32BE(length, 0);
  head[4] = type;
  return Buffer.concat([head, ...parts], 4 + length);
}

export function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}

export function uint64(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigUInt64BE(BigInt(value), 0);
  return bytes;
}

export function string(value: string | Uint8Array): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return Buffer.concat([uint32(bytes.length), bytes]);
}
