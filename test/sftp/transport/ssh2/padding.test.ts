import { expect, test } from 'vitest';
import { fillWithPadding } from '../../../../src/sftp/transport/ssh2/padding.ts';

test('padding fills exactly what it is to fill, and no bytes are handed out twice', () => {
  const seen = new Set<string>();
  for (let n = 0; n < 5000; n++) {
    const packet = Buffer.alloc(32);
    fillWithPadding(packet, 4, 12);
    expect(packet.readUInt32LE(0) + packet.readUInt32LE(16) + packet.readUInt32LE(28)).toBe(0);
    seen.add(packet.toString('hex', 4, 16));
  }
  expect(seen.size).toBe(5000);
  expect(new Set(fillWithPadding(Buffer.alloc(10_000))).size).toBe(256);
});
