import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Leaf } from '../../src/domain/policy.ts';
import { coerce } from '../../src/product/coercion.ts';
import type { Accepted, FieldType } from '../../src/product/product.ts';

describe('a cell', () => {
  test.each<[FieldType, string, unknown]>([
    ['integer', '3000', 3000],
    ['integer', '-5', -5],
    ['integer', '007', 7],
    ['integer', '9007199254740991', Number.MAX_SAFE_INTEGER],
    ['boolean', '1', true],
    ['boolean', '0', false],
    ['boolean', 'true', true],
    ['boolean', 'FALSE', false],
    ['number', '12.5', 12.5],
    ['string', '5597', '5597'],
    ['string', '00017', '00017'],
    ['string', 'true', 'true'],
    ['date', '2022-11-31', '2022-11-31'],
  ])('of type %s with %s becomes %j', (type, text, value) => {
    expect(coerce({ type, accepts: [] }, text)).toEqual({ ok: true, value });
  });

  test.each<[FieldType, string, string]>([
    ['integer', '30,00', 'not a whole number: write digits only, 3000 if cents are meant'],
    ['integer', '30.00', 'not a whole number: write digits only, 3000 if cents are meant'],
    ['integer', '1.234,56', 'not a whole number: write digits only, 123456 if cents are meant'],
    ['integer', '1.000', 'not a whole number: write digits only'],
    ['integer', '0x10', 'not a whole number: write digits only'],
    ['integer', '1e3', 'not a whole number: write digits only'],
    ['integer', '+1', 'not a whole number: write digits only'],
    ['integer', ' 12', 'not a whole number: write digits only'],
    ['integer', '12\n', 'not a whole number: write digits only'],
    ['integer', '٣', 'not a whole number: write digits only'],
    ['integer', '9007199254740993', 'too long a number: at most 9007199254740991 can be kept'],
    ['integer', '1'.repeat(400), 'too long a number: at most 9007199254740991 can be kept'],
    ['boolean', 'yes', 'neither 1 (yes) nor 0 (no)'],
    ['boolean', '2', 'neither 1 (yes) nor 0 (no)'],
    ['boolean', '__proto__', 'neither 1 (yes) nor 0 (no)'],
    ['number', '12,5', 'not a number: write 12.5'],
    ['number', 'NaN', 'not a number: write digits with a point, as in 12.5'],
    ['number', 'Infinity', 'not a number: write digits with a point, as in 12.5'],
  ])('of type %s with %s is refused: %s', (type, text, reason) => {
    expect(coerce({ type, accepts: [] }, text)).toEqual({
      ok: false,
      code: 'invalid_type',
      message: `"${text}" is ${reason}`,
    });
  });

  test('with a whole number is that number, and no other text is one', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        expect(coerce({ type: 'integer', accepts: [] }, String(number))).toEqual({ ok: true, value: number });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(coerce({ type: 'integer', accepts: [] }, text).ok).toBe(
          /^-?[0-9]{1,16}$/.test(text) && Number.isSafeInteger(+text),
        );
      }),
    );
  });

  test('of type string is never changed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(coerce({ type: 'string', accepts: [] }, text)).toEqual({ ok: true, value: text });
      }),
    );
  });
});

describe('forms that a product accepts beside the usual one', () => {
  test.each<[FieldType, Accepted, string, Leaf]>([
    ['date', 'german_date', '31.12.2026', '2026-12-31'],
    ['date', 'german_date', '1.2.2026', '2026-02-01'],
    ['date', 'german_date', '2026-12-31', '2026-12-31'],
    ['date', 'german_date', '31.02.2026', '31.02.2026'], // the schema refuses it as it was written
    ['number', 'decimal_comma', '12,5', 12.5],
    ['number', 'decimal_comma', '1.234,5', 1234.5],
    ['number', 'decimal_comma', '12.5', 12.5],
    ['integer', 'amount', '30,00', 3000],
    ['integer', 'amount', '30.00', 3000],
    ['integer', 'amount', '1.000,00', 100_000],
    ['integer', 'amount', '1,000.00', 100_000],
    ['integer', 'amount', '3000', 3000],
  ])('%s with %s: %s', (type, form, text, value) => {
    expect(coerce({ type, accepts: [form] }, text)).toEqual({ ok: true, value });
  });

  test.each<[FieldType, Accepted, string]>([
    ['number', 'decimal_comma', '1,2,3'],
    ['number', 'decimal_comma', '1.23,4'],
    ['integer', 'amount', '30,0'],
    ['integer', 'amount', '30,005'],
    ['integer', 'amount', '-30,00'],
  ])('%s with %s is still no %s', (type, form, text) => {
    expect(coerce({ type, accepts: [form] }, text).ok).toBe(false);
  });
});
