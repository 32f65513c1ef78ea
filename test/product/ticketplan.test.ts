import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Nested } from '../../src/domain/policy.ts';
import { catalogueOf } from '../../src/product/compile.ts';
import { banded, DEFINITION, QUOTE, single, TEXT } from './shipped.ts';

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
    expect(DEFINITION.tariff.illustrative).toBe(true);
    expect(DEFINITION.tariff.note).toContain('ILLUSTRATIVE');
  });

  test('adds up the elements and taxes their sum once', () => {
    const two = { ...quote(0), protected_element: { '0': { price: 1000 }, '7': { price: 1000 } } };
    expect(banded.rate(two)).toEqual({ ok: true, value: { net: 692, tax: 131, gross: 823 } });
  });

  test('has a price for the example', () => {
    expect(banded.rate(QUOTE)).toEqual({ ok: true, value: { net: 1037, tax: 197, gross: 1234 } });
  });

  test('has a price with net + tax = gross, tax rounded half up, for all prices up to its end', () => {
    const element = fc.record({ price: fc.integer({ min: 0, max: 100_000 }) });
    const number = fc.integer({ min: 0, max: 49 }).map(String);
    const elements = fc.dictionary(number, element, { minKeys: 1, maxKeys: 50 });
    fc.assert(
      fc.property(elements, fc.boolean(), fc.boolean(), (protected_element, sports, pem) => {
        const data = { protected_element, sports_inclusion: sports, pem_exclusion: pem };
        const rated = banded.rate(data);
        if (!rated.ok) throw new Error(rated.error.message);
        const { net, tax, gross } = rated.value;
        expect(net + tax).toBe(gross);
        expect(BigInt(tax)).toBe((BigInt(net) * 19n + 50n) / 100n);
      }),
    );
  });

  test('never falls as the price rises, and sports never make it cheaper', () => {
    const netOf = (price: number, sports_inclusion: boolean) => {
      const rated = banded.rate(quote(price, { sports_inclusion }));
      return rated.ok ? rated.value.net : Number.POSITIVE_INFINITY;
    };
    for (let price = 0; price <= 100_000; price += 100) {
      expect(netOf(price + 1, false)).toBeGreaterThanOrEqual(netOf(price, false));
      expect(netOf(price, true)).toBeGreaterThan(netOf(price, false));
    }
  });

  test('refuses what lies beyond its last row, with column and value', () => {
    expect(banded.rate(quote(100_001))).toMatchObject({
      ok: false,
      error: {
        code: 'not_insurable',
        path: 'quote.data.protected_element.1.price',
        value: 100_001,
        message:
          'quote.data.protected_element.1.price: "100001" cannot be insured: the tariff ends at 100000',
      },
    });
  });

  test('names the element that it has no price for', () => {
    const two = { ...quote(0), protected_element: { '0': { price: 1000 }, '7': { price: 200_000 } } };
    expect(banded.rate(two)).toMatchObject({ error: { path: 'quote.data.protected_element.7.price' } });
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
    expect(banded.fieldRule(path)?.type).toBe(type);
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

test('the catalogue knows both integrations, and compiles the version that was published', () => {
  const catalogue = catalogueOf([{ product_id: DEFINITION.id, version: 3, definition: TEXT }]);
  expect([...catalogue.keys()]).toEqual([banded.id, single.id]);
  expect(catalogue.get('in_41c2f22d51612f04ee2c48eca3dc0')).toMatchObject({
    module: 'banded',
    item_id: 'ins_b85b40f99ecd5f52defba5a44b06',
    subscription_plan_id: 'pp_64ea33bae89ec7c6a651c94142211',
    product_id: 'pr_547524daf0e465553dfaf6c66d442',
    product_version: 3,
    currency: 'EUR',
    policy_number: 'TR-{number}',
  });
  expect(catalogue.get('in_f6e5410024f0484461bcc550e58a5')?.module).toBe('single');
});
