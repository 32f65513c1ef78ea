import { describe, expect, test } from 'vitest';
import type { PolicyId } from '../../src/domain/ids.ts';
import { cents } from '../../src/domain/money.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { changesBetween } from '../../src/domain/policy-change.ts';
import { dayOf } from '../../src/product/dates.ts';
import { contentAt } from '../../src/purchase/order.ts';
import { update } from '../../src/purchase/update.ts';
import { banded, POLICY, POLICY_DATA, QUOTE } from '../product/shipped.ts';

const { data: _, ...HOLDER } = POLICY;
const BOUGHT = {
  id: 'tpol_1' as PolicyId,
  policyholder: HOLDER as Policy['policyholder'],
  premium: { net: cents(1037), tax: cents(197), gross: cents(1234), currency: 'EUR' },
  start_date: '2022-11-11',
  end_date: '2022-12-02',
  quote_data: QUOTE,
  policy_data: POLICY_DATA,
  metadata: { seat: { row: '7' } },
} as unknown as Policy;

const leavesAfter = (patch: object) => {
  const updated = update(banded, BOUGHT, { ...patch });
  if (!updated.ok || updated.value.action !== 'updated') throw new Error(JSON.stringify(updated));
  const { paths, values } = updated.value;
  const leaves = JSON.parse(values);
  return Object.fromEntries(paths.map((path, i) => [path, leaves[i]]));
};
const before = leavesAfter({});

describe('an update', () => {
  test('of nothing has the leaves of what was bought, metadata and quote too', () => {
    const { shape, values } = contentAt(banded, {
      quoteData: QUOTE,
      policy: POLICY,
      metadata: { seat: { row: '7' } },
    });
    expect(update(banded, BOUGHT, {})).toEqual({
      ok: true,
      value: {
        action: 'updated',
        paths: shape.paths,
        values,
        start_day: dayOf('2022-11-11'),
        end_day: dayOf('2022-12-02'),
      },
    });
    expect(before).toMatchObject({ 'metadata.seat.row': '7', 'quote.data.protected_element.1.price': 3000 });
  });

  test('changes what it names and leaves the rest; null removes', () => {
    const after = leavesAfter({ last_name: 'Smith', data: { event_name: 'Tosca', order_value: null } });
    const { 'policy.data.order_value': removed, ...rest } = before;
    expect(removed).toBe(100_000);
    expect(after).toEqual({ ...rest, 'policy.last_name': 'Smith', 'policy.data.event_name': 'Tosca' });
  });

  test('coerces as a purchase does, and moves the period of cover with its dates', () => {
    const updated = update(banded, BOUGHT, { data: { ticket_quantity: '2', event_end_date: '2022-12-05' } });
    expect(updated).toMatchObject({ value: { end_day: dayOf('2022-12-05') } });
    expect(leavesAfter({ data: { ticket_quantity: '2' } })['policy.data.ticket_quantity']).toBe(2);
  });

  test('is refused with all that would be wrong after it', () => {
    const updated = update(banded, BOUGHT, {
      first_name: null,
      email: 'nick',
      nonsense: 1,
      data: { event_end_date: '2022-11-31', ticket_quantity: 'two', venue_name: '' },
    });
    const errors = updated.ok ? [] : updated.errors.map(({ code, path }) => `${code} ${path}`);
    expect(errors.sort()).toEqual([
      'invalid_date policy.data.event_end_date',
      'invalid_email policy.email',
      'invalid_type policy.data.ticket_quantity',
      'missing_field policy.data.venue_name',
      'missing_field policy.first_name',
      'unknown_field policy.nonsense',
    ]);
  });

  test.each([
    [{ data: 'text' }, 'policy.data'],
    [{ data: [1] }, 'policy.data.0'],
    [{ data: { event_name: { a: 1 } } }, 'policy.data.event_name'],
    [JSON.parse('{"__proto__": {"first_name": "x"}}'), 'policy.__proto__'],
  ])('that is %j is refused by name', (patch, path) => {
    const updated = update(banded, BOUGHT, patch);
    expect(updated.ok ? [] : updated.errors.map((error) => error.path)).toContain(path);
  });
});

test('what differs between two states is named as the columns of a file are', () => {
  const after = { ...BOUGHT, policy_data: { ...POLICY_DATA, order_value: 5 }, end_date: '2022-12-03' };
  expect(changesBetween(BOUGHT, after)).toEqual([
    { field: 'policy.data.order_value', from: 100_000, to: 5 },
    { field: 'end_date', from: '2022-12-02', to: '2022-12-03' },
  ]);
});
