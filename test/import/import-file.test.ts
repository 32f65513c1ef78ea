import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportId } from '../../src/domain/ids.ts';
import type { ImportDeps } from '../../src/import/import-deps.ts';
import { importFile } from '../../src/import/import-file.ts';
import { LEASE_MS } from '../../src/import/lease.ts';
import type { Claim, ImportStore } from '../../src/store/import-store.ts';
import { Site } from './a-site.ts';
import { EXAMPLE, manyTickets, ticket, tickets } from './tickets.ts';

let site: Site;
beforeEach(async () => {
  site = await Site.open();
});
afterEach(() => site.close());

describe('an import', () => {
  test('of the published example as printed makes two policies', async () => {
    const one = await site.import('tickets.csv', EXAMPLE);
    expect(one).toMatchObject({ state: 'completed', rows: 2, created: 2, duplicates: 0, rejected: 0 });
    const holders = (await site.policies(one.id)).map((policy) => policy.policyholder.last_name);
    expect(holders.sort()).toEqual(['Malone', 'Smith']);
  });

  test('keeps metadata as text', async () => {
    const [header, row] = tickets(ticket('with-metadata')).split('\n');
    const one = await site.import('m.csv', `${header},"metadata.seat"\n${row},"007"\n`);
    const [policy] = await site.policies(one.id);
    expect(policy?.metadata).toEqual({ seat: '007' });
  });

  test('decides every row once, whatever the number of chunks', async () => {
    const one = await site.import('many.csv', manyTickets(2_000));
    expect(one).toMatchObject({ state: 'completed', rows: 2_000, created: 1_714, rejected: 286 });
    expect((await site.outcomes(one.id)).map(({ row }) => row)).toEqual(
      Array.from({ length: 2_000 }, (_, i) => i + 1),
    );
  });

  test('says in the log what it did, without what the rows hold', async () => {
    await site.import('tickets.csv', EXAMPLE);
    expect(site.log.map(({ message }) => message)).toEqual(['import completed']);
    expect(JSON.stringify(site.log)).not.toMatch(/Malone|nick/i);
  });
});

describe('the rejected rows', () => {
  const bad = tickets(
    ticket('no-name', (line) => line.replace('"Nick"', '""')),
    ticket('good'),
    ticket('no-date', (line) => line.replace('"2022-11-11"', '"2022-11-31"')),
  );

  test('are given back byte for byte, with the reasons beside them', async () => {
    const one = await site.import('bad.csv', bad);
    const rejected = await site.report(one, 'rejected');
    const lines = bad.split('\n');
    expect(rejected?.split('\n').map((line) => line.replace(/,"(missing|invalid)_.*$/, ''))).toEqual([
      `${lines[0]},"_error_code","_error_column","_error_message"`,
      lines[1],
      lines[3],
      '',
    ]);
  });

  test('once corrected make policies, and those that fail again get the new reasons only', async () => {
    const first = (await site.report(await site.import('bad.csv', bad), 'rejected')) ?? '';
    const wrongAgain = first.replace('3000","",', '3000","Nick",').replace('2022-11-31', 'tomorrow');
    const second = await site.import('again.csv', wrongAgain);
    expect(second).toMatchObject({ rows: 2, created: 1, rejected: 1 });
    const third = (await site.report(second, 'rejected')) ?? '';
    expect(third.match(/_error_code/g)).toHaveLength(1);
    expect(third).not.toContain('2022-11-31');
    expect(third).toContain('"tomorrow\\"" is not'.replace('\\', ''));
    const corrected = third.replace('"tomorrow",', '"2022-11-30",');
    expect(await site.import('last.csv', corrected)).toMatchObject({ rows: 1, created: 1, rejected: 0 });
  });

  test('are in no file when there are none', async () => {
    expect(await site.report(await site.import('good.csv', EXAMPLE), 'rejected')).toBeUndefined();
  });
});

describe('a file that seems cut off', () => {
  const cut = EXAMPLE.trimEnd().slice(0, -30);

  test('is held, and imported as it is once an operator has released it', async () => {
    const one = await site.import('cut.csv', cut);
    expect(one).toMatchObject({ state: 'held', rows: 0 });
    expect(one.problem).toContain('end in the middle of its last record');
    await site.store.releaseImport(one.id);
    await importFile(await site.claim(), site.deps);
    expect(await site.importOf(one.id)).toMatchObject({
      state: 'completed',
      rows: 2,
      created: 1,
      rejected: 1,
    });
  });
});

describe('our own fault', () => {
  test('rejects nothing: the import is tried again, each time a little later', async () => {
    const id = await site.drop('tickets.csv', EXAMPLE);
    const broken: ImportDeps = { ...site.deps, editions: () => Promise.reject(new Error('no disk')) };
    for (const delay of [1_000, 2_000, 4_000]) {
      await importFile(await site.claim(), broken);
      expect(site.log.at(-1)).toMatchObject({ level: 'error', fields: { problem: 'no disk', delay } });
      site.now += delay - 1;
      await expect(site.claim()).rejects.toThrow('nothing is due');
      site.now += 1;
    }
    await importFile(await site.claim(), site.deps);
    expect(await site.importOf(id)).toMatchObject({ state: 'completed', created: 2 });
  });

  test('is an account for which nothing is on sale', async () => {
    const other = await Site.open(['in_not_published_yet']);
    try {
      const one = await other.import('tickets.csv', EXAMPLE);
      expect(one).toMatchObject({ state: 'queued', rows: 0 });
      expect(other.log[0]?.fields['problem']).toContain('No product is on sale for the account partner');
    } finally {
      await other.close();
    }
  });
});

test('an account may only buy from its own integrations', async () => {
  const other = await Site.open(['in_f6e5410024f0484461bcc550e58a5']);
  try {
    const file = EXAMPLE.replace(
      'quote.data.protected_element.1.price',
      'quote.data.max_ticket_price.1.single_banded',
    );
    const one = await other.import('tickets.csv', file);
    expect(one).toMatchObject({ state: 'completed', rows: 2, created: 0, rejected: 2 });
    expect(await other.report(one, 'report')).toContain('unknown_integration');
  } finally {
    await other.close();
  }
});

/** The store, which breaks at its `n`th call, `before` or `after` it has done its work, and stays broken. */
function breaking(store: ImportStore, n: number, when: 'before' | 'after') {
  let calls = 0;
  const broken = new Proxy(store, {
    get: (target, name) => {
      return async (...args: unknown[]) => {
        calls++;
        if (calls > n || (calls === n && when === 'before')) throw new Error('the store is gone');
        const answer = await Reflect.get(target, name).apply(target, args);
        if (calls === n) throw new Error('the store is gone');
        return answer;
      };
    },
  });
  return { store: broken, hasBroken: () => calls >= n };
}

describe('when the store breaks', () => {
  const rows = 700; // more than one chunk

  /** All that an import has led to, with what differs from run to run replaced. */
  async function endOf(id: ImportId) {
    const one = await site.importOf(id);
    const { state, created, duplicates, rejected } = one;
    const outcomes = (await site.outcomes(id)).map(({ row, line, outcome }) => [row, line, outcome]);
    const policies = (await site.policies(id)).length;
    const reports = [await site.report(one, 'report'), await site.report(one, 'rejected')];
    const texts = reports.map((text) => text?.replaceAll(/tpol_\w+|TEST-TR-\d+|run-\d+/g, '…'));
    return { state, rows: one.rows, created, duplicates, rejected, outcomes, policies, texts };
  }

  test.each(['before', 'after'] as const)(
    '%s its 1st, 2nd, 3rd … call has done its work, the import comes to the same end',
    async (when) => {
      const undisturbed = await endOf((await site.import('run-0.csv', manyTickets(rows, 'run-0'))).id);
      expect(undisturbed).toMatchObject({ state: 'completed', rows, policies: undisturbed.created });
      for (let n = 1, broke = true; broke; n++) {
        const id = await site.drop(`run-${n}.csv`, manyTickets(rows, `run-${n}`));
        const { store, hasBroken } = breaking(site.store, n, when);
        await importFile(await site.claim(), { ...site.deps, store });
        broke = hasBroken();
        site.now += LEASE_MS + 1;
        const again = await site.store.claimImport(LEASE_MS, site.now);
        if (again) await importFile(again, site.deps);
        expect(await endOf(id), `broken at call ${n}`).toEqual(undisturbed);
        expect(n).toBeLessThan(30);
      }
    },
  );
});

describe('an import that another worker has taken over', () => {
  const file = manyTickets(1_200);

  /** A second worker takes the import over and finishes it just before the first one's call of `method`. */
  async function takenOverAt(method: keyof ImportStore, files = file): Promise<ImportId> {
    const id = await site.drop(`late-at-${method}.csv`, files);
    let taken = false;
    const store = new Proxy(site.store, {
      get(target, name) {
        const call = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        if (name !== method || taken) return call;
        taken = true;
        return async (...args: unknown[]) => {
          site.now += LEASE_MS + 1;
          await importFile(await site.claim(), site.deps);
          return call.apply(target, args);
        };
      },
    });
    await importFile(await site.claim(), { ...site.deps, store });
    expect(taken).toBe(true);
    return id;
  }

  test.each(['beginImport', 'commitChunk', 'renewLease', 'completeImport'] as const)(
    'commits nothing from %s on',
    async (method) => {
      const one = await site.importOf(await takenOverAt(method));
      expect(one).toMatchObject({ state: 'completed', rows: 1_200, created: 1_029, rejected: 171 });
      expect(await site.policies(one.id)).toHaveLength(1_029);
      expect(site.log.map(({ message }) => message)).toEqual(['import completed', 'import fenced']);
    },
  );

  test('does not hold or reject it any more', async () => {
    expect(await site.importOf(await takenOverAt('holdImport', EXAMPLE.slice(0, -40)))).toMatchObject({
      state: 'held',
    });
    expect(await site.importOf(await takenOverAt('rejectImport', ''))).toMatchObject({ state: 'rejected' });
  });
});

test('an import that is stopped goes on where it was', async () => {
  const id = await site.drop('many.csv', manyTickets(1_500));
  const stop = new AbortController();
  const store = new Proxy(site.store, {
    get(target, name) {
      if (name === 'commitChunk') stop.abort();
      return Reflect.get(target, name);
    },
  });
  await importFile(await site.claim(), { ...site.deps, store, stop: stop.signal });
  const stopped = await site.importOf(id);
  expect(stopped.state).not.toBe('completed');
  expect(stopped.rows).toBeGreaterThan(0);
  const claim: Claim = await site.claim();
  expect(claim.checkpoint.rows).toBe(stopped.rows);
  await importFile(claim, site.deps);
  expect(await site.importOf(id)).toMatchObject({ state: 'completed', rows: 1_500 });
});
