import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countOf, packRows, purchasesOf, RowPacker } from '../../src/store/chunk-rows.ts';
import { purchase, rejection } from './a-store.ts';

const anyPurchase = fc.record({
  row: fc.nat(),
  offset: fc.maxSafeNat(),
  key: fc.string({ unit: 'binary', minLength: 1 }),
  values: fc
    .array(fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.constant(null)))
    .map((all) => JSON.stringify(all)),
  hash: fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('hex')),
});

describe('packed rows', () => {
  test('are the rows that were packed, however many and long', () => {
    fc.assert(
      fc.property(fc.array(anyPurchase, { maxLength: 300 }), fc.nat(9), (some, repeat) => {
        const rows = some.map((one) => ({
          ...purchase(one.row, ''),
          ...one,
          values: one.values.repeat(repeat),
        }));
        const packed = packRows(rows);
        expect(countOf(packed)).toBe(rows.length);
        const unpacked = [...purchasesOf(packed)].map(({ net, tax, values, hash, ...same }) => ({
          ...same,
          kind: 'purchase',
          values: Buffer.from(values).toString(),
          hash: Buffer.from(hash).toString('hex'),
          premium: { net, tax, gross: net + tax },
        }));
        expect(unpacked).toEqual(rows);
      }),
    );
  });

  test('begin anew when they are taken', () => {
    const packer = new RowPacker();
    packer.add(purchase(1, 'a'));
    packer.add(rejection(2));
    const first = packer.take();
    expect(packer.count).toBe(0);
    packer.add(purchase(3, 'c'));
    expect(first.rejected).toEqual([rejection(2)]);
    expect([...purchasesOf(first)].map(({ key }) => key)).toEqual(['a']);
    expect([...purchasesOf(packer.take())].map(({ key }) => key)).toEqual(['c']);
  });

  test('are never made of a key that is no text, or of money that does not add up', () => {
    expect(() => packRows([purchase(1, 'half \ud83d')])).toThrow('is no Unicode text');
    const { premium } = purchase(1, 'a');
    expect(() => packRows([{ ...purchase(1, 'a'), premium: { ...premium, tax: 1 as never } }])).toThrow(
      'row 1: net 1728 + tax 1 is not gross 2056',
    );
  });
});
