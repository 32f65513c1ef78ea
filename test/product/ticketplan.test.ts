import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Nested } from '../../src/domain/policy.ts';
import { compileProduct } from '../../src/product/compile.ts';
import { readProduct } from '../../src/product/read-product.ts';

const FILE = new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url);
const read = readProduct(readFileSync(FILE, 'utf8'), 'ticketplan-ticket-refund.yaml');
if (!read.ok) throw new Error(read.message);
const [banded, single] = compileProduct(read.value, 1);
if (!banded || !single) throw new Error('two modules are wanted');

const quote = (price: number, more: Nested = {}): Nested => ({
  policy_start_date: '2022-11-11',
  protected_element: { '1': { price } },
  ...more,
});

describe('the tariff', () => {
  const documented = { ok: true, value: { net: 1728, tax: 328, gross: 2056 } };

  test('reproduces the published point in both modules', () => {
    expect(banded.rate(quote(5000))).toEqual(documented);
    expect(banded.rate(quote(5000, { sports_inclusion: false }))).toEqual(documented);
    expect(single.rate({ max_ticket_price: { '0': { single_banded: 5000 } } })).toEqual(documented);
  });

  test('says of itself that it is illustrative', () => {
    expect(read.value.tariff.illustrative).toBe(true);
  });

  test('adds up the elements and taxes their sum once', () => {
    const two = { ...quote(0), protected_element: { '0': { price: 1000 }, '7': { price: 1000 } } };
    expect(banded.rate(two)).toEqual({ ok: true, value: { net: 692, tax: 131, gross: 823 } });
  });

  test('has a price for the example, and net + tax = gross for every price up to its end', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100_000 }), fc.boolean(), (price, sports_inclusion) => {
        const rated = banded.rate(quote(price, { sports_inclusion }));
        if (!rated.ok) throw new Error(rated.error.message);
        const { net, tax, gross } = rated.value;
        expect(net + tax).toBe(gross);
        expect(Math.abs(tax - net * 0.19)).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  test('refuses what lies beyond its last row, with column and value', () => {
    expect(banded.rate(quote(100_001))).toMatchObject({
      ok: false,
      error: { code: 'not_insurable', path: 'quote.data.protected_element.1.price', value: 100_001 },
    });
  });
});

describe('the fields', () => {
  test.each([
    ['quote.data.protected_element.0.price', 'integer'],
    ['quote.data.protected_element.49.price', 'integer'],
    ['quote.data.protected_element.50.price', undefined],
    ['quote.data.protected_element.01.price', undefined],
    ['quote.data.protected_element', undefined],
    ['quote.data.policy_start_date', 'date'],
    ['quote.data.pem_exclusion', 'boolean'],
    ['policy.data.order_number', 'string'],
    ['policy.email', 'string'],
    ['policy.__proto__', undefined],
    ['policy.constructor', undefined],
    ['polcy.email', undefined],
    ['', undefined],
  ])('%s is of type %s', (path, type) => {
    expect(banded.fieldType(path)).toBe(type);
  });

  test('are listed with what is required', () => {
    const required = banded.fields.filter((field) => field.required).map((field) => field.path);
    expect(required).toContain('quote.data.protected_element.*.price');
    expect(required).toContain('policy.data.event_name');
    expect(required).not.toContain('policy.data.order_value');
    expect(banded.fields).toHaveLength(31);
  });
});

describe('the period of cover', () => {
  const days = (start: string, end: string) => {
    const { start_day, end_day } = banded.periodOfCover(
      { policy_start_date: start },
      { data: { event_end_date: end } },
    );
    return [start_day, end_day].map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
  };

  test('goes from the start date to the end of the event', () => {
    expect(days('2022-11-11', '2022-12-02')).toEqual(['2022-11-11', '2022-12-02']);
  });

  test('ends on its first day where the event lies before it, as in the published example', () => {
    expect(days('2022-12-03', '2022-12-02')).toEqual(['2022-12-03', '2022-12-03']);
  });
});
