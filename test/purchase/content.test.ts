import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Leaf } from '../../src/domain/policy.ts';
import { contentOf } from '../../src/purchase/content.ts';

type Fields = Readonly<Record<string, Leaf>>;

// Few characters, those that could be taken for a separator among them, so that near misses are tried.
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '1', '"', ',', '\n', '\t', '\\'), maxLength: 4 }),
);
const leaf = fc.oneof(text, fc.integer({ min: -2, max: 12 }), fc.boolean());
const fields = fc.dictionary(text, leaf, { maxKeys: 4, noNullPrototype: true });

/** The content of a row in a file with these columns, of which `fields` are filled. */
function contentIn(columns: readonly string[], fields: Fields, integration = 'in_1') {
  const paths = [...columns].sort();
  const values = paths.map((path) => (Object.hasOwn(fields, path) ? fields[path] : undefined));
  return contentOf(integration, paths, values);
}

const hashOf = (fields: Fields, integration = 'in_1') =>
  contentIn(Object.keys(fields), fields, integration).hash;

describe('the content of a purchase', () => {
  test('does not depend on the order of the columns, nor on columns that nobody filled', () => {
    fc.assert(
      fc.property(fields, fc.array(text), fc.infiniteStream(fc.nat()), (fields, more, order) => {
        const columns = [...new Set([...Object.keys(fields), ...more])];
        const shuffled = columns
          .map((column) => ({ column, at: order.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ column }) => column);
        expect(contentIn(shuffled, fields).hash).toBe(hashOf(fields));
      }),
    );
  });

  test('is another where any column, value or type differs', () => {
    const sorted = (fields: Fields) => JSON.stringify(Object.entries(fields).sort());
    fc.assert(
      fc.property(fields, fields, (a, b) => {
        expect(hashOf(a) === hashOf(b)).toBe(sorted(a) === sorted(b));
      }),
      { numRuns: 3000 },
    );
  });

  test.each<[Fields, Fields]>([
    [{ a: '1' }, { a: 1 }],
    [{ a: 'true' }, { a: true }],
    [{ a: 'x', b: 'y' }, { 'a\t"x"\nb': 'y' }],
    [{ a: 'x","b":"y' }, { a: 'x', b: 'y' }],
    [{ a: 'b' }, { b: 'a' }],
    [{ a: '' }, {}],
  ])('of %j is not that of %j', (one, other) => {
    expect(hashOf(one)).not.toBe(hashOf(other));
  });

  test('is another for another integration', () => {
    expect(hashOf({ a: 'x' }, 'in_1')).not.toBe(hashOf({ a: 'x' }, 'in_2'));
  });

  test('keeps its leaves as JSON in the order of the paths, and its hash in 16 bytes', () => {
    const content = contentOf('in_1', ['a', 'b', 'c', 'd'], ['x', undefined, 5, false]);
    expect(content.values).toBe('["x",null,5,false]');
    expect(content.hash).toMatch(/^[0-9a-f]{32}$/);
  });

  test('has the hash that it always had: stored ones are compared with it', () => {
    expect(hashOf({ 'policy.email': 'nick.malone@com', 'quote.data.pem_exclusion': true })).toBe(
      'fc90b1ce6cc2e542249fb0df941fbfd9', // sha256sum of (sha256sum of ["in_1","policy.email","quote.data.pem_exclusion"]) and ["nick.malone@com",true]
    );
  });
});
