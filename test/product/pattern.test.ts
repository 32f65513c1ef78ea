import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePattern, LONGEST_MATCHED, patternProblem } from '../../src/product/pattern.ts';

/** Each makes an engine that goes back try more ways than there are atoms. */
const EVIL: readonly [pattern: string, attack: string][] = [
  ['^(a+)+$', 'a'],
  ['^(a|a)*$', 'a'],
  ['^(a|aa)+$', 'a'],
  ['^([a-zA-Z]+)*$', 'a'],
  ['(x+x+)+y', 'x'],
  ['^(.*a){20}$', 'a'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'],
  ['^([a-z0-9]+[._-]?)*@$', 'a'],
  ['a*a*a*a*a*a*b', 'a'],
  ['^(\\d+)*(\\w+)*(\\d|\\w)+!$', '1'],
  ['^((a?){30}a{30})+$', 'a'],
];

describe('a pattern that hangs other engines', () => {
  test.each(EVIL)('%s answers at once about any text', (pattern, attack) => {
    expect(patternProblem(pattern)).toBeUndefined();
    const compiled = compilePattern(pattern);
    for (const length of [10, 30, LONGEST_MATCHED - 1, 1_000_000]) {
      expect(compiled.test(`${attack.repeat(length)}\u0000`)).toBe(false); // hangs for ever where it goes back
    }
  });
});

test('plain patterns are never of a kind that can go back: nothing in them is repeated twice', () => {
  const atom = fc.constantFrom('a', '[ab]', '\\d', '[0-9]', '-');
  const count = fc.constantFrom('', '+', '*', '?', '{2}', '{1,3}');
  const parts = fc.array(fc.tuple(atom, count), { minLength: 1, maxLength: 5 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '0', '1', '-', '!'), maxLength: 12 });
  fc.assert(
    fc.property(parts, text, (those, tried) => {
      const source = `^${those.map((part) => part.join('')).join('')}$`;
      expect(compilePattern(source).test(tried)).toBe(new RegExp(source, 'u').test(tried));
    }),
  );
});

describe('a pattern cannot be used that', () => {
  test.each([
    ['looks ahead', '^(?=a)b$'],
    ['looks back', '^(?<!a)b$'],
    ['refers back', '^(a)\\1$'],
    ['is not closed', '^[a-z$'],
    ['repeats what is repeated', '^(a{1000}){1000}$'],
    ['repeats too much', '^.{0,1000}.{0,1000}.{0,1000}$'],
    ['is very long', `^${'a'.repeat(300)}$`],
    ['only RE2 knows', '^(?P<name>a)$'],
  ])('%s', (_what, pattern) => {
    expect(patternProblem(pattern)).toMatch(/^write |^it /);
  });
});
