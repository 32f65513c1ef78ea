import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadPoly1305 } from '../../../../src/sftp/transport/ssh2/poly1305.ts';

const poly1305 = loadPoly1305();

function tagOf(key: Uint8Array, message: Uint8Array): string {
  const bytes = Buffer.from(message);
  return poly1305(Buffer.from(key), bytes.subarray(0, 4), bytes.subarray(4)).toString('hex');
}

const P = 2n ** 130n - 5n;
const CLAMP = 0x0ffffffc0ffffffc0ffffffc0fffffffn;

/** As RFC 8439, 2.5 tells it. */
function byTheBook(key: Uint8Array, message: Uint8Array): string {
  const number = (bytes: Uint8Array) => BigInt(`0x0${Buffer.from(bytes).reverse().toString('hex')}`);
  const [r, s] = [number(key.subarray(0, 16)) & CLAMP, number(key.subarray(16, 32))];
  let sum = 0n;
  for (let at = 0; at < message.length; at += 16) {
    const block = message.subarray(at, at + 16);
    sum = ((sum + number(block) + 2n ** BigInt(8 * block.length)) * r) % P;
  }
  const tag = BigInt.asUintN(128, sum + s);
  return Buffer.from(tag.toString(16).padStart(32, '0'), 'hex').reverse().toString('hex');
}

test('the known tag of RFC 8439, 2.5.2', () => {
  const key = Buffer.from('85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b', 'hex');
  const message = Buffer.from('Cryptographic Forum Research Group');
  expect(tagOf(key, message)).toBe('a8061dc1305136c6c22b8baf0c0127a9');
});

// RFC 8439, A.3, 7 to 11: what is lost when a carry or the last reduction is wrong
test.each([
  ['02', '', 'f'.repeat(32), '03'],
  ['02', 'f'.repeat(32), '02', '03'],
  ['01', '', `${'f'.repeat(32)}f0${'f'.repeat(30)}11`, '05'],
  ['01', '', `${'f'.repeat(32)}fb${'fe'.repeat(15)}${'01'.repeat(16)}`, ''],
  ['02', '', `fd${'f'.repeat(30)}`, `fa${'f'.repeat(30)}`],
])('r %s, s %s, message %s', (r, s, message, tag) => {
  const padded = (hex: string, bytes: number) => Buffer.from(hex.padEnd(2 * bytes, '0'), 'hex');
  const key = Buffer.concat([padded(r, 16), padded(s, 16)]);
  const length = Math.max(16, 16 * Math.ceil(message.length / 32));
  expect(tagOf(key, padded(message, length))).toBe(tag.padEnd(32, '0'));
});

test('any message has the tag that the book says', () => {
  const extreme = fc.constantFrom(0x00, 0x01, 0x03, 0x7f, 0x80, 0xfb, 0xfc, 0xff);
  const bytes = (minLength: number, maxLength: number) =>
    fc.oneof(
      fc.uint8Array({ minLength, maxLength }),
      fc.array(extreme, { minLength, maxLength }).map((values) => Uint8Array.from(values)),
    );
  fc.assert(
    fc.property(bytes(32, 32), bytes(4, 100), (key, message) => {
      expect(tagOf(key, message)).toBe(byTheBook(key, message));
    }),
    { numRuns: 3_000 },
  );
});

test('the longest message, too, and what a longer one has left behind does not count', () => {
  const key = randomBytes(32);
  for (const length of [35_004, 35_003, 20, 35_004]) {
    const message = randomBytes(length);
    expect(tagOf(key, message)).toBe(byTheBook(key, message));
  }
  const most = Buffer.alloc(35_004, 0xff);
  expect(tagOf(most, most)).toBe(byTheBook(most, most));
});
