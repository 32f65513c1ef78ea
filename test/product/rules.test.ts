import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Nested } from '../../src/domain/policy.ts';
import { compileRules, type Rule } from '../../src/product/rules.ts';

const said = (rule: Rule, quoteData: Nested, policy: Nested = {}) =>
  compileRules([rule])(quoteData, policy).map(({ code, message }) => `${code} ${message}`);

describe('a rule', () => {
  const start = 'quote.data.start';
  test.each<[string, Rule, string, string]>([
    ['not before', { field: 'policy.end', not_before: start }, '2026-01-31', 'is before'],
    ['not after', { field: 'policy.end', not_after: start }, '2026-02-02', 'is after'],
    [
      'within some days',
      { field: 'policy.end', within: { days: 2, after: start } },
      '2026-02-04',
      'is more than 2 days after',
    ],
  ])('about a date that is %s another names both', (_what, rule, end, says) => {
    const data = { start: '2026-02-01' };
    expect(said(rule, data, { end })).toEqual([
      `contradiction policy.end: "${end}" ${says} quote.data.start, "2026-02-01"`,
    ]);
    expect(said(rule, data, { end: '2026-02-01' })).toEqual([]);
    expect(said(rule, data, { end: '2026-02-31' })).toEqual([]); // the schema says what is wrong with it
    expect(said(rule, data, {})).toEqual([]);
    expect(said(rule, {}, { end })).toEqual([]);
  });

  test.each<[Rule, number, string]>([
    [{ field: 'quote.data.a', at_least: 'quote.data.b' }, 4, 'is less than'],
    [{ field: 'quote.data.a', at_most: 'quote.data.b' }, 6, 'is more than'],
  ])('about numbers: %j', (rule, a, says) => {
    expect(said(rule, { a, b: 5 })).toEqual([`contradiction quote.data.a: "${a}" ${says} quote.data.b, "5"`]);
    expect(said(rule, { a: 5, b: 5 })).toEqual([]);
    expect(said(rule, { a: 'x', b: 5 })).toEqual([]);
  });

  test('asks for a field when others have some value', () => {
    const rule: Rule = {
      field: 'policy.data.frame_number',
      required_when: { 'quote.data.kind': ['electric', 'cargo'], 'quote.data.theft': true },
    };
    expect(said(rule, { kind: 'cargo', theft: true }, { data: {} })).toEqual([
      'missing_field policy.data.frame_number is missing: it is needed when quote.data.kind is electric or cargo and quote.data.theft is true',
    ]);
    expect(said(rule, { kind: 'cargo' }, { data: {} })).toEqual([]);
    expect(said(rule, { kind: 'city', theft: true })).toEqual([]);
    expect(said(rule, { kind: 'cargo', theft: true }, { data: { frame_number: 'A1' } })).toEqual([]);
  });

  test('about elements holds in each of them', () => {
    const rule: Rule = { field: 'quote.data.trip.*.end', not_before: 'quote.data.trip.*.start' };
    const trip = (begin: string, end: string) => ({ start: begin, end });
    const data = { trip: { '0': trip('2026-01-01', '2026-01-02'), '7': trip('2026-01-02', '2026-01-01') } };
    expect(said(rule, data)).toEqual([
      'contradiction quote.data.trip.7.end: "2026-01-01" is before quote.data.trip.7.start, "2026-01-02"',
    ]);
  });

  test('may say in its own words what is wrong', () => {
    const rule: Rule = { field: 'quote.data.a', at_most: 'quote.data.b', message: 'no more than you have' };
    expect(said(rule, { a: 2, b: 1 })).toEqual([
      'contradiction quote.data.a: "2" is refused: no more than you have',
    ]);
  });

  test('may be asked about anything', () => {
    const rules: Rule[] = [
      { field: 'quote.data.a.*.b', not_before: 'quote.data.a.*.c' },
      { field: 'policy.a', at_most: 'policy.b.c' },
      { field: 'policy.x.*.y', required_when: { 'policy.x.*.z': true } },
    ];
    const check = compileRules(rules);
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (quote, policy) => {
        expect(Array.isArray(check(quote as Nested, policy as Nested))).toBe(true);
      }),
    );
  });
});
