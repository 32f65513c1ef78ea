/** What protects the packets of one direction, from key to key (RFC 4253, 6). A packet is a length of four bytes and what follows. */
export type Cipher = {
  /** What follows the length is a multiple of so many bytes. */
  readonly block: number;
  /** The length that an encrypted one says; nobody has vouched for it. */
  lengthOf(sequence: number, length: Buffer): number;
  /** What follows the length, decrypted, in memory of its own; throws when the tag is not that of the packet. */
  open(sequence: number, length: Buffer, rest: Buffer, tag: Buffer): Buffer;
  /** The packet as it is sent: length, what follows, and tag, in memory of their own. */
  seal(sequence: number, packet: Buffer): readonly Buffer[];
};

export const LENGTH = 4; // bytes
export const TAG = 16;
export const LONGEST = 35_000; // bytes behind the length, as RFC 4253, 6.1 has it for the whole packet
