import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encrypt, publicIds, roundKeys } from '../../src/store/sqlite/public-ids.ts';

const ids = publicIds(Buffer.alloc(32, 7));
const row = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const instant = fc.integer({ min: 0, max: Date.UTC(2999, 0) });

test("the permutation is Speck64/128, as its authors' test vector has it", () => {
  const keys = roundKeys([0x03020100, 0x0b0a0908, 0x13121110, 0x1b1a1918]);
  expect(encrypt(0x3b726574, 0x7475432d, keys)).toEqual([0x8c6fa548, 0x454e028b]);
});

test('an id is decoded to what it was made of', () => {
  fc.assert(
    fc.property(row, instant, fc.boolean(), (row, created_at, live) => {
      expect(ids.import.decode(ids.import.encode(row, created_at))).toEqual({ row, created_at });
      expect(ids.policy.decode(ids.policy.encode(row, created_at, live))).toEqual({ row, created_at, live });
    }),
  );
});

test('ids sort by the time at which they were made', () => {
  fc.assert(
    fc.property(row, row, instant, instant, (a, b, earlier, later) => {
      fc.pre(earlier < later);
      expect(ids.event.encode(a, earlier) < ids.event.encode(b, later)).toBe(true);
    }),
  );
});

test('policy ids have 33 characters and say their mode', () => {
  expect(ids.policy.encode(1, 1_763_890_000_000, false)).toMatch(/^tpol_[0-9a-f]{28}$/);
  expect(ids.policy.encode(1, 1_763_890_000_000, true)).toMatch(/^lpol_[0-9a-f]{28}$/);
});

test('an id of another kind, and any other text, is none', () => {
  fc.assert(fc.property(fc.string(), (text) => ids.import.decode(text) === undefined));
  expect(ids.import.decode(ids.file.encode(1, 2))).toBeUndefined();
  expect(ids.policy.decode('tpol_0')).toBeUndefined();
});

test('consecutive rows do not show in their ids', () => {
  const [a, b] = [ids.account.encode(1, 0), ids.account.encode(2, 0)].map((id) => id.slice(-16));
  expect(a?.slice(0, 4)).not.toBe(b?.slice(0, 4));
});
