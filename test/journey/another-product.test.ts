import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Policy } from '../../src/domain/policy.ts';
import { eventually, Site } from './a-server.ts';

const path = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const DEFINITION = path('products/travel.yaml');
const EXAMPLE = path('travel.csv');
const INTEGRATION = 'in_9be0c4721f6d4d0f8a3257c1e4b60';

const site = new Site();

beforeAll(async () => {
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  await site.start();
});

afterAll(() => site.remove());

test('a product of another kind is not on sale until an operator publishes it, beside the running server', () => {
  expect(site.cliResult('check', EXAMPLE).stdout).toContain('unknown column');
  expect(site.cli('product', 'publish', DEFINITION)).toEqual([
    { id: 'pr_7d1c0a94f2b34e0c9a5e61b8d3f27', version: 1, name: 'Travel insurance' },
  ]);
});

test('its example is checked and found good', () => {
  const { stdout, status } = site.cliResult('check', EXAMPLE, '--account', 'partner');
  expect(stdout).toContain('2');
  expect(status).toBe(0);
});

test('its example becomes policies over SFTP, with the prices of its own tariff', async () => {
  expect(site.sftp(`put ${EXAMPLE} test/`).status).toBe(0);
  await eventually(() => site.cli('imports', 'list')[0]?.['state'] === 'completed');
  const policies = site.cli<Policy>('policies', 'list').sort((a, b) => (a.row ?? 0) - (b.row ?? 0));
  expect(policies).toMatchObject([
    {
      integration_id: INTEGRATION,
      policy_number: expect.stringMatching(/^TEST-RV-\d{9}$/),
      premium: { net: 7465, tax: 821, gross: 8286, currency: 'EUR' },
      start_date: '2027-02-06',
      end_date: '2027-02-13',
      quote_data: { trip_price: 184_000, traveller: { '0': { luggage: { '0': { value: 120_000 } } } } },
    },
    // travellers of 41 and 9 for 21 days to anywhere, two pieces of luggage, a trip of 642000 without a deductible
    { premium: { net: 4274 + 2331 + 2850 + 350 + 20_544 }, quote_data: { traveller: { '1': { age: 9 } } } },
  ]);
});

test('its template is filled in with its own columns', () => {
  const { stdout } = site.cliResult('template', INTEGRATION, '--example');
  expect(stdout).toContain('quote.data.traveller.0.luggage.0.value');
  const filled = site.file('filled.csv', stdout);
  expect(site.cliResult('check', filled).status).toBe(0);
  expect(readFileSync(filled, 'utf8')).toContain('Zoë Müller');
});
