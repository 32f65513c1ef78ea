import { type Cipher, LENGTH, LONGEST } from './cipher.ts';
import { fillWithPadding } from './padding.ts';

const LEAST_PADDING = 4; // bytes (RFC 4253, 6)
const LARGE = 4096; // bytes from which on a packet is made in the room below, and sent in pieces

// A packet is encrypted before the next is made, and not looked at after that: large ones need no memory of their own.
const room = Buffer.allocUnsafeSlow(LENGTH + LONGEST);

/** Makes packets of what is to be sent, in the place of ssh2's ciphers. */
export class PacketCipher {
  outSeqno: number;
  readonly #cipher: Cipher;
  readonly #send: (bytes: Buffer) => void;
  #over = false;

  constructor(cipher: Cipher, seqno: number, send: (bytes: Buffer) => void) {
    this.#cipher = cipher;
    this.outSeqno = seqno;
    this.#send = send;
  }

  free(): void {
    this.#over = true;
  }

  /** A packet with room for a message of so many bytes, from the sixth byte on. */
  allocPacket(length: number): Buffer {
    const { block } = this.#cipher;
    const padding = LEAST_PADDING + ((2 * block - ((1 + length + LEAST_PADDING) % block)) % block);
    const size = LENGTH + 1 + length + padding;
    const packet = size < LARGE || size > room.length ? Buffer.allocUnsafe(size) : room.subarray(0, size);
    packet.writeUInt32BE(size - LENGTH, 0);
    packet[LENGTH] = padding;
    fillWithPadding(packet, size - padding, padding);
    return packet;
  }

  encrypt(packet: Buffer): void {
    if (this.#over) return;
    const pieces = this.#cipher.seal(this.outSeqno, packet);
    this.outSeqno = (this.outSeqno + 1) >>> 0;
    if (packet.length < LARGE) this.#send(Buffer.concat(pieces));
    else for (const piece of pieces) this.#send(piece);
  }
}
