import { BadMessage, string, WireReader } from '../../protocol/wire.ts';

const HEAD = 17; // bytes before the first list: message number and cookie (RFC 4253, 7.1)

type Kexinit = {
  readonly kex: readonly string[];
  readonly serverHostKey: readonly string[];
  readonly guessed: boolean; // first_kex_packet_follows
};

/** What this server must know of a client's SSH_MSG_KEXINIT; undefined where it is malformed. */
export function readKexinit(payload: Buffer): Kexinit | undefined {
  try {
    const reader = new WireReader(payload.subarray(HEAD));
    const lists = Array.from({ length: 10 }, () => reader.bytes().toString('latin1').split(','));
    const [kex = [], serverHostKey = []] = lists;
    return { kex, serverHostKey, guessed: reader.byte() === 1 };
  } catch (error) {
    if (error instanceof BadMessage) return undefined;
    throw error;
  }
}

/** A copy with other key exchange methods. */
export function withMethods(payload: Buffer, kex: readonly string[]): Buffer {
  const rest = payload.subarray(HEAD + 4 + payload.readUInt32BE(HEAD));
  return Buffer.concat([payload.subarray(0, HEAD), string(Buffer.from(kex.join(), 'latin1')), rest]);
}
