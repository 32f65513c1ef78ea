import type { Duplex } from 'node:stream';
import { BadMessage } from './wire.ts';

export const MAX_PACKET = 262_144; // bytes: what OpenSSH allows and announces with limits@openssh.com
export const MAX_DATA = 261_120; // bytes of one READ or WRITE: MAX_PACKET less a kilobyte for the rest of the packet

/** The packets of a stream, whole, each in a buffer of its own; throws BadMessage where a length cannot be one. */
export async function* packets(stream: Duplex): AsyncGenerator<Buffer> {
  const head = Buffer.alloc(4);
  let body: Buffer | undefined;
  let filled = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length; ) {
      const target: Buffer = body ?? head;
      const copied = chunk.copy(target, filled, at);
      at += copied;
      filled += copied;
      if (filled < target.length) continue;
      filled = 0;
      if (body) {
        yield body;
        body = undefined;
      } else {
        body = Buffer.allocUnsafe(checkedLength(head.readUInt32BE(0)));
      }
    }
  }
}

function checkedLength(length: number): number {
  if (length === 0 || length > MAX_PACKET) throw new BadMessage(`a packet of ${length} bytes`);
  return length;
}
