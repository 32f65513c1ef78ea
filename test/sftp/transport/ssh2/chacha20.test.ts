import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadChaCha20 } from '../../../../src/sftp/transport/ssh2/chacha20.ts';

const chacha20 = loadChaCha20();

/** The same block from node:crypto. */
function byNode(key: Buffer, sequence: number, counter: number): Buffer {
  const iv = Buffer.alloc(16);
  iv.writeUInt32LE(counter, 0);
  iv.writeUInt32BE(sequence, 12);
  return createCipheriv('chacha20', key, iv).update(Buffer.alloc(64));
}

test('the known stream of an empty key (draft-agl-tls-chacha20poly1305-04, 7)', () => {
  expect(chacha20(Buffer.alloc(32), 0, 0).toString('hex')).toMatch(/^76b8e0ada0f13d90405d6ae55386bd28/);
});

test('any block is that of node:crypto', () => {
  const number = fc.oneof(fc.constantFrom(0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff), fc.nat(0xffff_ffff));
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      number,
      number,
      (bytes, sequence, counter) => {
        const key = Buffer.from(bytes);
        expect(chacha20(key, sequence, counter)).toEqual(byNode(key, sequence, counter));
      },
    ),
    { numRuns: 1_000 },
  );
});
