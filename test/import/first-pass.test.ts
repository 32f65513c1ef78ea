import { afterEach, beforeEach, expect, test } from 'vitest';
import { FIRST_PASS } from '../../src/import/first-pass.ts';
import { importFile } from '../../src/import/import-file.ts';
import { Site } from './a-site.ts';
import { manyTickets, ticket, tickets } from './tickets.ts';

let site: Site;
beforeEach(async () => {
  site = await Site.open();
  await site.store.setBadRows(site.account.id, 'reject-file');
});
afterEach(() => site.close());

const bad = (key: string) => ticket(key, (line) => line.replace('"Nick"', '""'));

test('a file without a bad row is imported whole', async () => {
  const one = await site.import('good.csv', tickets(ticket('a'), ticket('b'), ticket('a')));
  expect(one).toMatchObject({ state: 'completed', rows: 3, created: 2, duplicates: 1 });
});

test('a file with a bad row is rejected whole: nothing of it is created, and its report says why, row by row', async () => {
  await site.import('earlier.csv', tickets(ticket('old')));
  const one = await site.import('bad.csv', tickets(ticket('a'), bad('b'), ticket('old'), ticket('c')));
  expect(one).toMatchObject({ state: 'rejected', rows: 4, created: 0, duplicates: 1, rejected: 3 });
  expect(one.problem).toContain('Rows of the file are bad');
  const codes = (await site.outcomes(one.id)).map((row) =>
    row.outcome === 'rejected' ? row.errors[0]?.code : row.outcome,
  );
  expect(codes).toEqual(['file_rejected', 'missing_field', 'duplicate', 'file_rejected']);
  const rejected = (await site.report(one, 'rejected')) ?? '';
  expect(rejected.trim().split('\n')).toHaveLength(4);
  const again = await site.import('again.csv', rejected.replace(/"3000",( *)""/, '"3000","Nick"'));
  expect(again, 'corrected and dropped again').toMatchObject({ state: 'completed', created: 3 });
});

test('a conflict in the last of many rows keeps the first from being created', async () => {
  const rows = manyTickets(1500).replaceAll('""', '"Nick"');
  const one = await site.import(
    'long.csv',
    `${rows}${ticket('key-0', (line) => line.replace('"Nick"', '"Nora"'))}\n`,
  );
  expect(one).toMatchObject({ state: 'rejected', rows: 1501, created: 0, rejected: 1501 });
});

test('says that it looks twice, and goes on where it was when the process died between', async () => {
  const id = await site.drop('bad.csv', tickets(ticket('a'), bad('b')));
  const claim = await site.claim();
  let noted: string | undefined;
  const watching = new Proxy(site.store, {
    get: (target, name) => {
      if (name !== 'commitChunk') return Reflect.get(target, name);
      return async () => {
        noted = (await site.importOf(id)).problem;
        throw new Error('the process died');
      };
    },
  });
  await importFile(claim, { ...site.deps, store: watching });
  expect(noted).toBe(FIRST_PASS);
  site.now += 60_000;
  const again = await site.claim();
  expect(again.verdict).toBe('file_rejected');
  await importFile(again, site.deps);
  expect(await site.importOf(id)).toMatchObject({ state: 'rejected', created: 0, rejected: 2 });
});
