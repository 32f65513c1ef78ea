import { describe, expect, test } from 'vitest';
import { dayOf } from '../../src/product/dates.ts';
import { purchase } from '../../src/purchase/purchase.ts';
import { banded, POLICY, POLICY_DATA, QUOTE } from '../product/shipped.ts';

const integration = banded;

describe('a purchase', () => {
  test('of the first published row has a premium and a period of cover', () => {
    expect(purchase({ integration, quoteData: QUOTE, policy: POLICY })).toEqual({
      ok: true,
      value: {
        premium: { net: 1037, tax: 197, gross: 1234 },
        start_day: dayOf('2022-11-11'),
        end_day: dayOf('2022-12-02'),
      },
    });
  });

  test('of the second, whose event lies before the start, is covered for that day', () => {
    const quoteData = { ...QUOTE, policy_start_date: '2022-12-03' };
    const policy = { ...POLICY, first_name: 'John', last_name: 'Smith', email: 'john.smith@com' };
    expect(purchase({ integration, quoteData, policy })).toMatchObject({
      ok: true,
      value: { start_day: dayOf('2022-12-03'), end_day: dayOf('2022-12-03') },
    });
  });

  test('does not need what is optional', () => {
    const { pem_exclusion: _1, sports_inclusion: _2, ...quoteData } = QUOTE;
    const { order_value: _3, order_currency: _4, insurance_quantity: _5, ...data } = POLICY_DATA;
    expect(purchase({ integration, quoteData, policy: { ...POLICY, data } }).ok).toBe(true);
  });

  test('of nothing is told of every required field of quote and policy', () => {
    const bought = purchase({ integration, quoteData: {}, policy: {} });
    const missing = bought.ok ? [] : bought.errors.map(({ code, path }) => `${code} ${path}`);
    const required = integration.fields.filter((field) => field.required);
    expect(missing.sort()).toEqual(required.map(({ path }) => `missing_field ${path}`).sort());
  });

  test('reports what cannot be insured together with what is wrong with the policy', () => {
    const quoteData = { ...QUOTE, protected_element: { '1': { price: 999_999 } } };
    const bought = purchase({ integration, quoteData, policy: { ...POLICY, email: 'nick' } });
    expect(bought.ok ? [] : bought.errors.map(({ code, path }) => [code, path])).toEqual([
      ['not_insurable', 'quote.data.protected_element.1.price'],
      ['invalid_email', 'policy.email'],
    ]);
  });

  test('changes nothing in what it is given', () => {
    const given = { integration, quoteData: structuredClone(QUOTE), policy: { first_name: 'Nick' } };
    purchase(given);
    expect(given).toEqual({ integration, quoteData: QUOTE, policy: { first_name: 'Nick' } });
  });
});
