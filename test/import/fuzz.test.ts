// The short form of `npm run fuzz -- import`.
import { expect, test } from 'vitest';
import { fuzzImport } from '../../fuzz/import/run.ts';

const SHORT = 60_000; // ms

test('whatever a file holds, it is read or refused with a reason: nothing throws, hangs, grows or takes ten times as long', {
  timeout: 3 * SHORT,
}, async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  const { files, rows, finding } = await fuzzImport({ seed, until: (_, ms) => ms > SHORT, say: () => {} });
  expect(finding).toBeUndefined();
  expect(files).toBeGreaterThan(100);
  expect(rows).toBeGreaterThan(1000);
});
