import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileProduct } from '../../src/product/compile.ts';
import { readProduct } from '../../src/product/read-product.ts';
import { contentOf } from '../../src/purchase/content.ts';
import { purchase } from '../../src/purchase/purchase.ts';

const FILE = new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url);
const read = readProduct(readFileSync(FILE, 'utf8'), 'product.yaml');
if (!read.ok) throw new Error(read.message);
const [integration] = compileProduct(read.value, 1);
if (!integration) throw new Error('a module is wanted');

describe('a purchase', () => {
  test('reports what is wrong with quote and policy together', () => {
    const result = purchase({ integration, quoteData: { policy_start_date: 'x' }, policy: { email: 'y' } });
    const paths = result.ok ? [] : result.errors.map((error) => error.path);
    expect(paths).toContain('quote.data.policy_start_date');
    expect(paths).toContain('quote.data.protected_element.*.price');
    expect(paths).toContain('policy.email');
    expect(paths).toContain('policy.data.booking_date');
  });

  test('says what cannot be insured', () => {
    const quoteData = { policy_start_date: '2022-11-11', protected_element: { '1': { price: 999_999 } } };
    const result = purchase({ integration, quoteData, policy: {} });
    expect(result.ok ? [] : result.errors.map((error) => error.code)).toContain('not_insurable');
  });
});

describe('the content of a purchase', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const leaves = fc.dictionary(fc.string({ minLength: 1 }), leaf);
  const of = (
    integration: string,
    fields: Record<string, string | number | boolean>,
    absent: string[] = [],
  ) => {
    const paths = [...new Set([...Object.keys(fields), ...absent])].sort();
    return contentOf(
      integration,
      paths,
      paths.map((path) => (Object.hasOwn(fields, path) ? fields[path] : undefined)),
    );
  };

  test('does not depend on columns that nobody filled', () => {
    fc.assert(
      fc.property(leaves, fc.array(fc.string({ minLength: 1 })), (fields, absent) => {
        expect(of('in_1', fields, absent).hash).toBe(of('in_1', fields).hash);
      }),
    );
  });

  test('differs when anything differs', () => {
    fc.assert(
      fc.property(leaves, leaves, (a, b) => {
        const same = JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
        expect(of('in_1', a).hash === of('in_1', b).hash).toBe(same);
      }),
    );
    expect(of('in_1', { a: '1' }).hash).not.toBe(of('in_1', { a: 1 }).hash);
    expect(of('in_1', { a: '1' }).hash).not.toBe(of('in_2', { a: '1' }).hash);
  });

  test('keeps its leaves as JSON in the order of the paths', () => {
    expect(contentOf('in_1', ['a', 'b', 'c'], ['x', undefined, 5]).values).toBe('["x",null,5]');
  });
});
