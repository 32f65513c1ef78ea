import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Site } from '../journey/a-server.ts';
import { TRAVEL_TEXT } from '../product/travel.ts';

const TRAVEL = fileURLToPath(new URL('../../examples/products/travel.yaml', import.meta.url));

let site: Site;
beforeEach(() => {
  site = new Site();
});
afterEach(() => site.remove());

describe('policydrop product validate', () => {
  test('says that a definition is good, and publishes nothing', () => {
    const { stdout, status } = site.cliResult('product', 'validate', TRAVEL);
    expect(stdout).toBe('travel.yaml is good: Travel insurance, single_trip.\n');
    expect(status).toBe(0);
  });

  test('tells each mistake with its place, and ends with 1', () => {
    const broken = TRAVEL_TEXT.replace('EUR', 'eur').replace('by: trip_price', 'by: trip_prize');
    const file = site.file('broken.yaml', broken);
    const { stderr, stdout, status } = site.cliResult('product', 'validate', file);
    expect(stderr).toMatch(/broken\.yaml:9:11: currency: write three capital letters, as in EUR\n/);
    expect([stdout, status]).toEqual(['', 1]);
    const json = site.cliResult('--json', 'product', 'validate', file);
    expect(JSON.parse(json.stdout)).toEqual({
      valid: false,
      problems: ['broken.yaml:9:11: currency: write three capital letters, as in EUR'],
    });
    expect(json.status).toBe(1);
  });
});

test('policydrop product publish refuses an integration that another product sells', () => {
  site.cli('account', 'add', 'partner', '--key', `${site.key}.pub`);
  const tickets = readFileSync(
    new URL('../../products/ticketplan-ticket-refund.yaml', import.meta.url),
    'utf8',
  );
  site.cli('product', 'publish', site.file('tickets.yaml', tickets));
  const foreign = TRAVEL_TEXT.replace('in_9be0c4721f6d4d0f8a3257c1e4b60', 'in_41c2f22d51612f04ee2c48eca3dc0');
  const { stderr, status } = site.cliResult('product', 'publish', site.file('foreign.yaml', foreign));
  expect(stderr).toContain(
    'modules.single_trip: in_41c2f22d51612f04ee2c48eca3dc0 is sold by Ticketplan ticket refund (pr_547524daf0e465553dfaf6c66d442): write an integration of its own',
  );
  expect(status).toBe(1);
  expect(site.cli('product', 'publish', site.file('again.yaml', `${tickets}# again`))).toMatchObject([
    { version: 2 },
  ]);
});

describe('policydrop product show', () => {
  test('lists the columns of a definition in a file, and of a product on sale', () => {
    type Shown = { id: string; version?: number; modules: { integration: string; columns: object[] }[] };
    const [travel] = site.cli<Shown>('product', 'show', TRAVEL);
    expect(travel).toMatchObject({
      id: 'pr_7d1c0a94f2b34e0c9a5e61b8d3f27',
      modules: [{ module: 'single_trip', columns: expect.any(Array) }],
      rules: expect.arrayContaining(['`quote.data.trip_end` is not before `quote.data.trip_start`']),
    });
    const [tickets] = site.cli<Shown>('product', 'show', 'pr_547524daf0e465553dfaf6c66d442');
    expect(tickets).toMatchObject({ version: 1, modules: [{ module: 'banded' }, { module: 'single' }] });
    expect(site.cliResult('product', 'show', TRAVEL).stdout).toMatch(
      /quote\.data\.traveller\.0\.age +true +whole number +0 to 120 +Age on the first day of the trip +34/,
    );
  });

  test('names what there is when there is no such product', () => {
    const { stderr, status } = site.cliResult('product', 'show', 'pr_nothing');
    expect(stderr).toContain('On sale are pr_547524daf0e465553dfaf6c66d442.');
    expect(status).toBe(1);
  });
});
