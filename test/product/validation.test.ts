import { describe, expect, test } from 'vitest';
import type { Nested } from '../../src/domain/policy.ts';
import type { Schema } from '../../src/product/schema.ts';
import { compileCheck } from '../../src/product/validation.ts';

const SCHEMA: Schema = {
  type: 'object',
  additionalProperties: false,
  required: ['class'],
  properties: {
    class: { type: 'string', enum: ['first', 'second'] },
    code: { type: 'string', minLength: 3, maxLength: 5 },
    seats: { type: 'integer', minimum: 1, maximum: 9 },
    weight: { type: 'number' },
    paid: { type: 'boolean' },
    plain: { type: 'string', pattern: '^[a-z]*$' },
    titled: { type: 'string', pattern: '^[a-z]*$', title: 'small letters' },
    bag: {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      patternProperties: {
        '^[0-9]$': {
          type: 'object',
          additionalProperties: false,
          required: ['weight'],
          properties: { note: { type: 'string' }, weight: { type: 'integer' } },
        },
      },
    },
  },
};

const check = compileCheck(SCHEMA, 'root');
const said = (data: Nested) =>
  check({ class: 'first', ...data }).map(({ code, message }) => `${code} ${message}`);

describe('data is told what is wrong with it:', () => {
  test.each<[Nested, string]>([
    [{ class: 'third' }, 'invalid_value root.class: "third" is none of first, second'],
    [{ code: 'ab' }, 'invalid_value root.code: "ab" is shorter than 3 characters'],
    [{ code: 'abcdef' }, 'too_long root.code: "abcdef" is longer than 5 characters'],
    [{ seats: 0 }, 'invalid_value root.seats: "0" is less than 1'],
    [{ seats: 10 }, 'invalid_value root.seats: "10" is more than 9'],
    [{ seats: 1.5 }, 'invalid_type root.seats: "1.5" is not of type integer'],
    [{ seats: Number.POSITIVE_INFINITY }, 'invalid_type root.seats: "Infinity" is not of type integer'],
    [{ weight: Number.NaN }, 'invalid_type root.weight: "NaN" is not of type number'],
    [{ paid: 1 }, 'invalid_type root.paid: "1" is not of type boolean'],
    [{ plain: 'A' }, 'invalid_value root.plain: "A" is not allowed: see the description of the product'],
    [{ titled: 'A' }, 'invalid_value root.titled: "A" is not allowed: small letters'],
    [{ bag: {} }, 'missing_field root.bag.*.weight is missing: at least one element is needed'],
    [{ bag: { '1': {} } }, 'missing_field root.bag.1.weight is missing'],
    [{ bag: { '1': 5 } }, 'invalid_type root.bag.1: "5" is not of type object'],
    [{ bag: { '1': { weight: 5, 'a/b~c': 1 } } }, 'unknown_field root.bag.1.a/b~c: there is no such field'],
  ])('%j', (data, message) => {
    expect(said(data)).toEqual([message]);
  });

  test('everything at once', () => {
    expect(said({ class: 'third', seats: 0, paid: 'yes', more: 1 })).toHaveLength(4);
  });

  test('nothing, when nothing is wrong, also after a bad one', () => {
    const good = {
      class: 'second',
      code: 'äöü',
      seats: 9,
      weight: 1.5,
      paid: false,
      bag: { '0': { weight: 1 } },
    };
    expect(said({ seats: 0 })).toHaveLength(1);
    expect(said(good)).toEqual([]);
  });

  test('its names as they are, where a pattern allows what a JSON pointer escapes', () => {
    const loose = compileCheck(
      { type: 'object', patternProperties: { '^.*$': { type: 'integer' } } },
      'root',
    );
    expect(loose({ 'a/b~1': 'x' })).toMatchObject([{ path: 'root.a/b~1' }]);
  });
});
