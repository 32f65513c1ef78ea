import { giveBack } from '../../give-back.ts';
import { type Cipher, LENGTH, LONGEST, TAG } from './cipher.ts';

/** What ssh2 does with the message in a packet: a number, or false, when the rest of the chunk is not for this decipher. */
type OnPayload = (payload: Buffer) => number | false | undefined;

/** Takes the packets out of what a client sends, in the place of ssh2's deciphers; it keeps nothing of what it is given. */
export class PacketDecipher {
  inSeqno: number;
  _onPayload: OnPayload;
  readonly #cipher: Cipher;
  readonly #head = Buffer.alloc(LENGTH);
  #length = 0; // what the head says, once it is whole
  #filled = 0; // bytes of the head, then of the rest
  #rest: Buffer | undefined; // of a packet that comes in several chunks

  constructor(cipher: Cipher, seqno: number, onPayload: OnPayload) {
    this.#cipher = cipher;
    this.inSeqno = seqno;
    this._onPayload = onPayload;
  }

  free(): void {}

  /** Returns where the rest begins that is not for this decipher, undefined when there is none. Throws when a packet is not genuine. */
  decrypt(chunk: Buffer, start: number, end: number): number | undefined {
    for (let at = start; at < end; ) {
      if (this.#length === 0) {
        at += this.#fill(this.#head, chunk, at, end);
        if (this.#filled < LENGTH) return undefined;
        this.#length = this.#checked(this.#cipher.lengthOf(this.inSeqno, this.#head));
        this.#filled = 0;
      }
      const size = this.#length + TAG;
      let rest: Buffer;
      if (this.#filled === 0 && end - at >= size) {
        rest = chunk.subarray(at, at + size);
        at += size;
      } else {
        this.#rest ??= Buffer.allocUnsafe(size);
        at += this.#fill(this.#rest, chunk, at, end);
        if (this.#filled < size) return undefined;
        rest = this.#rest;
      }
      const result = this._onPayload(this.#open(rest));
      if (result !== undefined) return result === false ? at : result;
    }
    return undefined;
  }

  /** As many bytes as are missing, or as there are. */
  #fill(target: Buffer, chunk: Buffer, at: number, end: number): number {
    const copied = chunk.copy(target, this.#filled, at, end);
    this.#filled += copied;
    return copied;
  }

  #checked(length: number): number {
    if (length > LONGEST || length < this.#cipher.block || length % this.#cipher.block !== 0) {
      throw new Error('Bad packet length');
    }
    return length;
  }

  /** The message in a packet, without its padding. */
  #open(rest: Buffer): Buffer {
    const length = this.#length;
    const plain = this.#cipher.open(
      this.inSeqno,
      this.#head,
      rest.subarray(0, length),
      rest.subarray(length),
    );
    if (this.#rest) giveBack(this.#rest);
    this.#rest = undefined;
    this.#length = 0;
    this.#filled = 0;
    this.inSeqno = (this.inSeqno + 1) >>> 0;
    const padding = plain[0] ?? 0;
    if (padding > length - 1) throw new Error('Bad packet padding');
    return plain.subarray(1, length - padding);
  }
}
