import { expect, test } from 'vitest';
import { cents } from '../../src/domain/money.ts';
import { csvHeader, csvLine } from '../../src/domain/policy-csv.ts';
import { EVENTS } from '../webhooks/events.ts';

const { policy } = EVENTS['policy.updated'];
const PATHS = [
  'metadata.order',
  'metadata.seat.row',
  'policy.email',
  'policy.first_name',
  'policy.last_name',
];
const MORE = ['policy.language', 'quote.data.event.name'];

/** A line of an export by the names of its columns; what is written has no quotes or commas in its cells. */
function cells(one: Parameters<typeof csvLine>[0], paths = [...PATHS, ...MORE]): Record<string, string> {
  const values = csvLine(one, paths).trimEnd().split(',');
  const names = csvHeader(paths).trimEnd().split(',');
  expect(values).toHaveLength(names.length);
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? '']));
}

test('a policy is a line with what it has, in columns that all have', () => {
  expect(csvHeader([])).toBe(
    'id,policy_number,account,mode,integration_id,product_id,product_version,idempotency_key,import_id,row,status,cancelled_at,cancellation_reason,termination_date,net,tax,gross,currency,start_date,end_date,revision,created_at,updated_at\r\n',
  );
  expect(cells(policy)).toMatchObject({
    id: policy.id,
    status: 'cancelled',
    cancelled_at: '2026-11-23T09:16:00.250Z',
    termination_date: '2026-12-01',
    gross: '2056',
    revision: '3',
    'metadata.seat.row': '7',
    'policy.first_name': 'Zoë',
    'quote.data.event.name': 'Tosca',
  });
  expect(cells({ ...policy, cancellation: undefined, import_id: undefined, row: undefined })).toMatchObject({
    cancellation_reason: '',
    import_id: '',
    row: '',
  });
});

test('a text that a spreadsheet would calculate is made harmless, in a name too, and a number stays one', () => {
  const evil = { ...policy, metadata: { '=1': '=HYPERLINK("http://x")' }, policy_data: { n: -5 } };
  const paths = ['metadata.=1', 'policy.data.n', ...PATHS.slice(2), ...MORE];
  expect(csvLine(evil, paths)).toContain(`"'=HYPERLINK(""http://x"")",-5,`);
  expect(csvHeader(['=metadata'])).toContain(",'=metadata\r\n");
  const holder = { ...policy.policyholder, last_name: '@SUM(1)' };
  expect(cells({ ...policy, policyholder: holder })['policy.last_name']).toBe("'@SUM(1)");
});

test('a leaf that has no column is never left out silently', () => {
  expect(() => csvLine(policy, PATHS)).toThrow('has policy.language since a moment ago: export again');
  const refund = { ...policy, premium: { ...policy.premium, net: cents(-5) } };
  expect(cells(refund)['net']).toBe('-5');
});
