import { expect, test } from 'vitest';
import { giveBack } from '../../src/sftp/give-back.ts';

test('the memory of a large buffer is gone at once', () => {
  const whole = Buffer.alloc(32_768);
  giveBack(whole.subarray(1, 32_000));
  expect(whole.buffer.byteLength).toBe(0);
  expect(whole).toHaveLength(0);
});

test.each([
  ['of a few bytes', Buffer.alloc(1_000)],
  ['of which others may have the other half', Buffer.alloc(65_536).subarray(0, 32_768)],
  ['that threads share', Buffer.from(new SharedArrayBuffer(32_768))],
  ["of Buffer's pool", Buffer.allocUnsafe(100)],
])('a buffer %s stays', (_what, bytes) => {
  const { length } = bytes;
  giveBack(bytes);
  expect(bytes).toHaveLength(length);
  expect(bytes.buffer.byteLength).toBeGreaterThan(0);
});
