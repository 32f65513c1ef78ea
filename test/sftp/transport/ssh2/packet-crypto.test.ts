import { createCipheriv, createDecipheriv } from 'node:crypto';
import { expect, test } from 'vitest';
import { packetCrypto } from '../../../../src/sftp/transport/ssh2/packet-crypto.ts';

const KEY = Buffer.alloc(16, 7);
const IV = Buffer.alloc(12, 1);
const TEXT = Buffer.from('what a packet may hold');

test('a key gives the same bytes as with node:crypto, however often it is used', () => {
  for (let times = 0; times < 3; times++) {
    const ours = packetCrypto.createCipheriv('aes-128-gcm', KEY, IV).update(TEXT);
    expect(ours).toEqual(createCipheriv('aes-128-gcm', KEY, IV).update(TEXT));
    expect(packetCrypto.createDecipheriv('aes-128-gcm', KEY, IV).update(ours)).toEqual(TEXT);
    expect(createDecipheriv('aes-128-gcm', KEY, IV).update(ours)).toEqual(TEXT);
  }
});

test('another key of the same length gives other bytes', () => {
  const other = packetCrypto.createCipheriv('aes-128-gcm', Buffer.alloc(16, 8), IV).update(TEXT);
  expect(other).not.toEqual(packetCrypto.createCipheriv('aes-128-gcm', KEY, IV).update(TEXT));
});

test('padding fills exactly what it is to fill, and no bytes are handed out twice', () => {
  const seen = new Set<string>();
  for (let n = 0; n < 5000; n++) {
    const packet = Buffer.alloc(32);
    packetCrypto.randomFillSync(packet, 4, 12);
    expect(packet.readUInt32LE(0) + packet.readUInt32LE(16) + packet.readUInt32LE(28)).toBe(0);
    seen.add(packet.toString('hex', 4, 16));
  }
  expect(seen.size).toBe(5000);
  expect(new Set(packetCrypto.randomFillSync(Buffer.alloc(10_000))).size).toBe(256);
});
