import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nestedOf } from '../../src/product/nested.ts';
import { banded, QUOTE } from './shipped.ts';

const nestedIn = (json: unknown) => {
  const nested = nestedOf(json, 'quote.data');
  if (!nested.ok) throw new Error(JSON.stringify(nested.errors));
  return nested.value;
};

describe('JSON', () => {
  test('with an array means the same as with an object keyed by element numbers', () => {
    const asArray = { ...QUOTE, protected_element: [{ price: 3000 }, { price: 100 }] };
    const asObject = { ...QUOTE, protected_element: { '0': { price: 3000 }, '1': { price: 100 } } };
    expect(nestedIn(asArray)).toEqual(asObject);
    expect(nestedIn(asObject)).toEqual(asObject);
    expect(banded.checkQuote(nestedIn(asArray))).toEqual([]);
    expect(banded.rate(nestedIn(asArray))).toEqual(banded.rate(asObject));
  });

  test('may nest arrays in arrays', () => {
    expect(nestedIn({ a: [{ b: [{ c: 1 }, { c: 2 }] }] })).toEqual({
      a: { '0': { b: { '0': { c: 1 }, '1': { c: 2 } } } },
    });
  });

  test('without the one element that is needed is told so, in either form', () => {
    const missing = 'quote.data.protected_element.*.price is missing: at least one element is needed';
    for (const protected_element of [[], {}]) {
      const errors = banded.checkQuote(nestedIn({ ...QUOTE, protected_element }));
      expect(errors.map(({ message }) => message)).toEqual([missing]);
    }
  });

  test.each([[null], [[]], ['text'], [5], [undefined]])('that is %j is no object of fields', (json) => {
    expect(nestedOf(json, 'policy')).toEqual({
      ok: false,
      errors: [
        { code: 'invalid_type', path: 'policy', value: json, message: 'policy: write an object of fields' },
      ],
    });
  });

  test('keeps a member that would poison an object, for the product to refuse', () => {
    const value = nestedIn(JSON.parse('{"__proto__":{"polluted":1}}'));
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(banded.checkQuote(value)).toContainEqual(
      expect.objectContaining({ code: 'unknown_field', path: 'quote.data.__proto__' }),
    );
  });

  test('nested without end is refused with the place where it is too deep', () => {
    const json = JSON.parse(`${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`);
    expect(nestedOf(json, 'quote.data')).toMatchObject({
      ok: false,
      errors: [{ code: 'too_long', path: `quote.data${'.a'.repeat(20)}` }],
    });
  });

  test('of any kind is turned or refused, and never fails', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 30 }), (json) => {
        expect(typeof nestedOf(json, 'policy').ok).toBe('boolean');
      }),
    );
  });
});
