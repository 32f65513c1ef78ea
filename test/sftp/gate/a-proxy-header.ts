/** A header of version 2 for TCP; `addresses` is source and destination, of 4 or 16 bytes each. */
export function proxyHeader({
  version = 2,
  command = 1,
  family = 0x11,
  addresses = Buffer.from([192, 0, 2, 1, 127, 0, 0, 1]),
  more = Buffer.alloc(0),
} = {}): Buffer {
  const rest = Buffer.concat([addresses, Buffer.from([0x30, 0x39, 0, 22]), more]);
  const head = Buffer.from('\r\n\r\n\0\r\nQUIT\n\0\0\0\0', 'latin1');
  head.writeUInt8((version << 4) | command, 12);
  head.writeUInt8(family, 13);
  head.writeUInt16BE(rest.length, 14);
  return Buffer.concat([head, rest]);
}
