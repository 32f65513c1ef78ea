import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepLease, LEASE_MS } from '../../src/import/lease.ts';
import type { Claim, ImportStore } from '../../src/store/import-store.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const CLAIM = { import: { id: 'imp_1' }, epoch: 3 } as unknown as Claim;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

test('a claim is renewed at every third of its lease until the import is over', async () => {
  const renewed: unknown[][] = [];
  const renewLease: ImportStore['renewLease'] = async (...args) => renewed.push(args) > 0;
  const release = keepLease(CLAIM, { renewLease }, () => 7, silent);
  await vi.advanceTimersByTimeAsync(LEASE_MS - 1);
  expect(renewed).toEqual([
    ['imp_1', 3, LEASE_MS, 7],
    ['imp_1', 3, LEASE_MS, 7],
  ]);
  release();
  await vi.advanceTimersByTimeAsync(10 * LEASE_MS);
  expect(renewed).toHaveLength(2);
});

test('a renewal that fails is logged and tried again', async () => {
  const warnings: unknown[] = [];
  const log = { ...silent, warn: (message: string) => warnings.push(message) };
  const renewLease = () => Promise.reject(new Error('busy'));
  const release = keepLease(CLAIM, { renewLease }, () => 7, log);
  await vi.advanceTimersByTimeAsync(LEASE_MS);
  expect(warnings).toHaveLength(3);
  release();
});
