// The same purchase through both doors of one running server: OpenSSH's sftp, and curl.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POLICY, QUOTE } from '../product/shipped.ts';
import { EXAMPLE, eventually, Site } from './a-server.ts';

type Policy = Record<string, unknown> & { id: string; idempotency_key: string };

const INTEGRATION = 'in_41c2f22d51612f04ee2c48eca3dc0';
const KEY = 'c93dc6de-08f7-4551-ab0e-ea19e5fccb2c'; // of the example's first row
const DIFFERENT = ['id', 'policy_number', 'idempotency_key', 'import_id', 'row', 'created_at', 'updated_at'];

const site = new Site();
let key = '';
beforeAll(async () => {
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  key = String(site.cli('apikey', 'create', 'partner', '--mode', 'test')[0]?.['key']);
  await site.start();
});
afterAll(() => site.remove());

function post(path: string, body: object, ...options: string[]): Record<string, string> {
  const url = `http://127.0.0.1:${site.server?.httpPort}${path}`;
  const json = ['-H', 'Content-Type: application/json', '-d', JSON.stringify(body)];
  const { stdout, stderr } = spawnSync('curl', ['-sS', '-u', `${key}:`, ...json, ...options, url], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

function offer(idempotencyKey: string): Record<string, string> {
  const quote = post('/quotes', { integration_id: INTEGRATION, data: QUOTE });
  const body = { quote_token: quote['token'], ...POLICY };
  return post('/policies', body, '-H', `Idempotency-Key: ${idempotencyKey}`);
}

function buy(idempotencyKey: string): string {
  const { id: policy_id, payment_token: token } = offer(idempotencyKey);
  const distributor = { method: 'distributor', provider: 'distributor' };
  return post('/payments', { token, policy_id, ...distributor })['policy_id'] ?? '';
}

const policies = () => site.cli<Policy>('policies', 'list');
const imports = () => site.cli<Record<string, number | string>>('imports', 'list');

/** The import of a file that was dropped, when it is over. */
async function dropped(name: string, content: string) {
  site.sftp(`put ${site.file(name, content)} test/${name}`);
  return eventually(() => imports().find((one) => one['file'] === name && one['state'] === 'completed'));
}

function common(policy: Policy | undefined): object {
  return Object.fromEntries(Object.entries(policy ?? {}).filter(([name]) => !DIFFERENT.includes(name)));
}

const [header = '', first = ''] = readFileSync(EXAMPLE, 'utf8').split(/\r?\n/);

test('a row and a call with the same data are the same policy, but for ids and times', async () => {
  await dropped('row.csv', `${header}\n${first}\n`);
  const id = buy('the call');
  const row = policies().find((policy) => policy.idempotency_key === KEY);
  const call = policies().find((policy) => policy.id === id);
  expect(Object.keys(common(row)).length).toBeGreaterThan(10);
  expect(common(call)).toEqual(common(row));
});

test('the key of a row gives a call the policy of that row', () => {
  const row = policies().find((policy) => policy.idempotency_key === KEY);
  expect(offer(KEY)).toMatchObject({ id: row?.id, status: 'active' });
  expect(policies().filter((policy) => policy.idempotency_key === KEY)).toHaveLength(1);
});

test('a row with the key of a call is a duplicate of its policy', async () => {
  const id = buy('a key for both');
  const done = await dropped('again.csv', `${header}\n${first.replace(KEY, 'a key for both')}\n`);
  expect(done).toMatchObject({ created: 0, duplicates: 1, rejected: 0 });
  const named = policies().filter((policy) => policy.idempotency_key === 'a key for both');
  expect(named.map((policy) => policy.id)).toEqual([id]);
});

test('a row that comes between offer and payment has the policy, and the payment is of that one', async () => {
  const { id, payment_token: token } = offer('raced');
  const done = await dropped('raced.csv', `${header}\n${first.replace(KEY, 'raced')}\n`);
  expect(done).toMatchObject({ created: 1 });
  const distributor = { method: 'distributor', provider: 'distributor' };
  const paid = post('/payments', { token, policy_id: id, ...distributor });
  const named = policies().filter((policy) => policy.idempotency_key === 'raced');
  expect(named.map((policy) => policy.id)).toEqual([paid['policy_id']]);
});
