import { afterEach, beforeEach, expect, test } from 'vitest';
import { importFile } from '../../src/import/import-file.ts';
import { TEXT } from '../product/shipped.ts';
import { Site } from './a-site.ts';
import { ticket, tickets } from './tickets.ts';

let site: Site;
beforeEach(async () => {
  site = await Site.open();
});
afterEach(() => site.close());

const many = (rows: number, keys: string) =>
  tickets(...Array.from({ length: rows }, (_, row) => ticket(`${keys}-${row}`)));

/** Another price for what the tickets cost. */
async function publishDearer(): Promise<void> {
  const definition = TEXT.replace('{ up_to: 3000, net: 1037 }', '{ up_to: 3000, net: 2037 }');
  expect(definition).not.toBe(TEXT);
  const product_id = 'pr_547524daf0e465553dfaf6c66d442';
  await site.store.publishProduct({
    product_id,
    definition,
    currency: 'EUR',
    policy_number: 'TR-{number}',
    now: 1,
  });
}

/** Runs an import until it has decided some rows, or none, and then lets go of it as a crash does. */
async function begin(stopAt: 'commitChunk' | 'tryChunk' | 'sameImport'): Promise<void> {
  const stop = new AbortController();
  const store = new Proxy(site.store, {
    get(target, name) {
      if (name === stopAt) stop.abort();
      if (name === stopAt && stopAt === 'sameImport') throw new Error('a crash');
      if (name === 'failImport') return async () => ({ ok: true, value: undefined });
      return Reflect.get(target, name);
    },
  });
  await importFile(await site.claim(), { ...site.deps, store, stop: stop.signal });
  await site.store.dropClaims();
}

const versionsOf = async (id: Parameters<Site['policies']>[0]) =>
  new Set(
    (await site.policies(id)).map(({ product_version, premium }) => `${product_version}: ${premium.net}`),
  );

test('an import ends under the version with which it began, whatever is published meanwhile', async () => {
  const id = await site.drop('many.csv', many(1_500, 'a'));
  await begin('commitChunk');
  const decided = (await site.importOf(id)).rows;
  expect(decided).toBeGreaterThan(0);
  expect(decided).toBeLessThan(1_500);
  await publishDearer();
  await importFile(await site.claim(), site.deps); // as another process would, which has compiled nothing before
  expect(await site.importOf(id)).toMatchObject({ state: 'completed', created: 1_500 });
  expect(await versionsOf(id)).toEqual(new Set(['1: 1037']));
});

test('so does one that had begun and not decided a row', async () => {
  const id = await site.drop('few.csv', many(3, 'a'));
  await begin('sameImport');
  await publishDearer();
  await importFile(await site.claim(), site.deps);
  expect(await versionsOf(id)).toEqual(new Set(['1: 1037']));
});

test('one that begins later has the new version', async () => {
  await publishDearer();
  const { id } = await site.import('later.csv', many(3, 'b'));
  expect(await versionsOf(id)).toEqual(new Set(['2: 2037']));
});

test('one that an operator held before its first row begins anew', async () => {
  const id = await site.drop('held.csv', many(3, 'c'));
  await begin('sameImport');
  await site.store.pauseImport(id, site.now);
  await publishDearer();
  await site.store.releaseImport(id);
  await importFile(await site.claim(), site.deps);
  expect(await versionsOf(id)).toEqual(new Set(['2: 2037']));
});
