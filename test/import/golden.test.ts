import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, test } from 'vitest';
import type { Import } from '../../src/domain/import.ts';
import { Site } from './a-site.ts';
import { expectGolden } from './golden.ts';
import { EXAMPLE } from './tickets.ts';

const FIXTURES = new URL('../fixtures/csv/', import.meta.url);

/** All that a partner learns of an import, with what differs from run to run replaced. */
async function seen(site: Site, one: Import): Promise<string> {
  const { state, problem, rows, created, duplicates, rejected } = one;
  const counts = JSON.stringify({ rows, created, duplicates, rejected });
  const parts = [`${state} ${counts}\n${problem ?? ''}`];
  for (const content of ['report', 'rejected'] as const) {
    const text = await site.report(one, content);
    if (text !== undefined) parts.push(`--- ${one.file}.${content}.csv\n${text}`);
  }
  return `${parts.join('\n')}\n`
    .replaceAll(/tpol_[0-9a-f]{28}|tpol_\d{28}/g, 'tpol_…')
    .replaceAll(/TEST-TR-\d+/g, 'TEST-TR-…')
    .replaceAll(/imp_\w+/g, 'imp_…');
}

describe('what the partner sees after dropping', () => {
  let site: Site;
  beforeAll(async () => {
    site = await Site.open();
  });
  afterAll(() => site.close());

  test('the published example', async () => {
    expectGolden('published-example.txt', await seen(site, await site.import('tickets.csv', EXAMPLE)));
  });

  const fixtures = readdirSync(FIXTURES).filter((name) => name.endsWith('.csv'));
  test.each(fixtures)('%s', async (name) => {
    const one = await site.import(name, readFileSync(new URL(name, FIXTURES)));
    expectGolden(name.replace(/csv$/, 'txt'), await seen(site, one));
  });
});
