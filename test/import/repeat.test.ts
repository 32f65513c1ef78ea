import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { importFile } from '../../src/import/import-file.ts';
import { Site } from './a-site.ts';
import { manyTickets, ticket, tickets } from './tickets.ts';

const GOOD = manyTickets(1800).replaceAll('""', '"Nick"'); // several chunks

let site: Site;
beforeEach(async () => {
  site = await Site.open();
});
afterEach(() => site.close());

/** Imports with a store that counts how rows were decided. */
async function imported(name: string, content: string, mode: 'test' | 'live' = 'test') {
  const id = await site.drop(name, content, mode);
  const calls: string[] = [];
  const store = new Proxy(site.store, {
    get: (target, method: string) => {
      if (method === 'commitChunk' || method === 'repeatChunk') calls.push(method);
      return Reflect.get(target, method);
    },
  });
  await importFile(await site.claim(), { ...site.deps, store });
  return { one: await site.importOf(id), calls: [...new Set(calls)] };
}

describe('the same bytes again', () => {
  test('are duplicates without being read, with the report that reading them gives', async () => {
    const first = await imported('first.csv', GOOD);
    const again = await imported('again.csv', GOOD);
    expect(again.calls).toEqual(['repeatChunk']);
    expect(again.one).toMatchObject({
      state: 'completed',
      rows: 1800,
      created: 0,
      duplicates: 1800,
      bytes_read: GOOD.length,
    });
    const read = await imported('read.csv', `${GOOD}\n`); // other bytes, the same rows
    expect(read.calls).toEqual(['commitChunk']);
    expect(await site.outcomes(again.one.id)).toEqual(await site.outcomes(read.one.id));
    expect(await site.report(again.one, 'report')).toBe(await site.report(read.one, 'report'));
    expect(await site.policies(first.one.id)).toHaveLength(1800);
    expect(await site.policies(again.one.id)).toEqual([]);
    const third = await imported('third.csv', GOOD);
    expect(third.one).toMatchObject({ duplicates: 1800 });
  });

  test('are read in the other mode, and where a row had no policy', async () => {
    await imported('first.csv', GOOD);
    expect((await imported('live.csv', GOOD, 'live')).calls).toEqual(['commitChunk']);
    const bad = tickets(
      ticket('x'),
      ticket('y', (line) => line.replace('"Nick"', '""')),
    );
    await imported('bad.csv', bad);
    expect((await imported('bad-again.csv', bad)).calls).toEqual(['commitChunk']);
  });

  test('go on where they were when the process died between', async () => {
    await imported('first.csv', GOOD);
    const id = await site.drop('again.csv', GOOD);
    let left = 2;
    const dying = new Proxy(site.store, {
      get: (target, name) => {
        if (name !== 'repeatChunk') return Reflect.get(target, name);
        return (...args: Parameters<typeof target.repeatChunk>) => {
          if (left-- === 0) throw new Error('the process died');
          return target.repeatChunk(...args);
        };
      },
    });
    await importFile(await site.claim(), { ...site.deps, store: dying });
    const { rows } = await site.importOf(id);
    expect(rows).toBeGreaterThan(0);
    expect(rows).toBeLessThan(1800);
    site.now += 60_000;
    await importFile(await site.claim(), site.deps);
    expect(await site.importOf(id)).toMatchObject({ state: 'completed', rows: 1800, duplicates: 1800 });
  });
});
