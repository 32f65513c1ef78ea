import { describe, expect, test } from 'vitest';
import { MAX_COLUMN_NAME, MAX_COLUMNS, readHeader } from '../../src/import/header.ts';
import type { FieldType, Integration } from '../../src/product/product.ts';

const REQUIRED = ['idempotency_key', 'integration_id'];

/** An integration of which only the fields matter here. */
function selling(...paths: string[]): Pick<Integration, 'fields' | 'fieldRule'> {
  const fields = paths.map((path) => ({
    path,
    type: 'string' as FieldType,
    required: true,
    accepts: [],
    description: undefined,
    values: undefined,
    example: undefined,
    title: path,
  }));
  return { fields, fieldRule: (path) => fields.find((field) => field.path === path) };
}

const INTEGRATIONS = [
  selling('policy.email', 'policy.data.seat'),
  selling('policy.email', 'quote.data.price'),
];

function problems(...columns: string[]): [code: string, message: string][] {
  const result = readHeader([...REQUIRED, ...columns], INTEGRATIONS);
  return result.ok ? [] : result.errors.map(({ code, message }) => [code, message]);
}

describe('a header', () => {
  test('may hold the fields of any integration, metadata and columns of the partner, in any order', () => {
    const columns = [
      '_note',
      'quote.data.price',
      'integration_id',
      'metadata.a.b',
      'policy.email',
      'idempotency_key',
    ];
    expect(readHeader(columns, INTEGRATIONS)).toEqual({
      ok: true,
      header: {
        columns,
        key: 5,
        integration: 2,
        leaves: [
          { index: 1, path: 'quote.data.price' },
          { index: 3, path: 'metadata.a.b' },
          { index: 4, path: 'policy.email' },
        ],
      },
    });
  });

  test('may hold several columns of one name that are ignored', () => {
    expect(problems('_error_code', '_error_code')).toEqual([]);
  });

  test('needs both required columns', () => {
    const result = readHeader(['policy.email'], INTEGRATIONS);
    expect(!result.ok && result.errors.map(({ code, column }) => [code, column])).toEqual([
      ['missing_column', 'idempotency_key'],
      ['missing_column', 'integration_id'],
    ]);
  });

  test.each([
    ['polcy.email', 'unknown_column', 'unknown column `polcy.email`, did you mean `policy.email`?'],
    ['idempotencykey', 'unknown_column', 'did you mean `idempotency_key`?'],
    ['shoe_size', 'unknown_column', 'which no product of this account has'],
    ['metadata', 'unknown_column', 'unknown column `metadata`'],
    ['', 'unknown_column', 'column 3 has no name'],
    ['metadata.', 'unknown_column', 'nothing before, between or after its dots'],
    ['metadata..a', 'unknown_column', 'nothing before, between or after its dots'],
    ['__proto__', 'unknown_column', '`__proto__` can be no part of a name'],
    ['metadata.__proto__.x', 'unknown_column', '`__proto__` can be no part of a name'],
    ['metadata.constructor', 'unknown_column', '`constructor` can be no part of a name'],
    ['policy.prototype', 'unknown_column', '`prototype` can be no part of a name'],
    ['idempotency_key', 'duplicate_column', 'is the name of column 1 and of column 3'],
    [`metadata.${'x'.repeat(MAX_COLUMN_NAME)}`, 'too_large', 'the name of column 3 is longer than'],
  ])('with a column %j is refused as %s', (column, code, message) => {
    expect(problems(column)).toEqual([[code, expect.stringContaining(message)]]);
  });

  test('with a column that is a value and a group at once is refused', () => {
    expect(problems('metadata.a.b', 'metadata.a')).toEqual([
      ['duplicate_column', expect.stringContaining('`metadata.a` holds a value here')],
    ]);
  });

  test('with more columns than fit is refused, and with as many as fit is not', () => {
    const columns = Array.from({ length: MAX_COLUMNS - REQUIRED.length }, (_, i) => `metadata.c${i}`);
    expect(problems(...columns)).toEqual([]);
    expect(problems(...columns, 'metadata.more')).toEqual([
      ['too_large', expect.stringContaining('1001 columns')],
    ]);
  });

  test('of a thousand wrong columns is refused with the first twenty', () => {
    expect(problems(...Array.from({ length: 900 }, (_, i) => `wrong column number ${i}`))).toHaveLength(20);
  });
});
