// The short form of `npm run fuzz -- sftp`.
import { expect, test } from 'vitest';
import { fuzzSftp, type Kind } from '../../../fuzz/sftp/run.ts';

const SHORT = 25_000; // ms

test.each<[Kind, string]>([
  ['packets', 'are answered once each, or end their session; nothing throws, hangs, grows or stays open'],
  ['sequences', 'of operations by several sessions are answered as the model says'],
])('%s %s', { timeout: 3 * SHORT }, async (only) => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { packets, finding } = await fuzzSftp({ seed, only, until: (_, ms) => ms > SHORT, say: () => {} });
  expect(finding).toBeUndefined();
  expect(packets).toBeGreaterThan(1000);
});
