import type { Readable } from 'node:stream';
import { PacketReader } from '../../../src/sftp/protocol/packets.ts';

/** The packets of a stream, each in one buffer, without their length. */
export class WholePackets {
  readonly #packets: PacketReader;

  constructor(stream: Readable) {
    this.#packets = new PacketReader(stream, () => {});
  }

  /** Undefined at the end of the stream. */
  async next(): Promise<Buffer | undefined> {
    const packet = await this.#packets.next();
    return packet && Buffer.concat(packet);
  }
}
