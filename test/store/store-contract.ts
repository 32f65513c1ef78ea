// What every store must do, whatever database it stands on; each database's test runs it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Claim, ImportEnd } from '../../src/store/import-store.ts';
import { AStore, NOW, purchase, rejection } from './a-store.ts';

const HOUR = 3_600_000;

export function storeContract(): void {
  let one: AStore;

  beforeEach(async () => {
    one = await AStore.open();
  });

  afterEach(() => one.remove());

  const upload = (name: string, now = NOW, options = {}) =>
    one.store.beginUpload({
      account: one.account.id,
      mode: 'test',
      name,
      create: true,
      exclusive: false,
      eligible: true,
      now,
      ...options,
    });

  async function dropped(name: string, now = NOW, due = now) {
    const begun = await upload(name, now);
    if (!begun.ok) throw new Error(begun.message);
    await one.store.commitUpload(begun.value.file, { size: 10, mtime: now, eligible: true, now, due });
    return begun.value.file;
  }

  const end = (claim: Claim, now = NOW, grace = 0): ImportEnd => ({
    import: claim.import.id,
    epoch: claim.epoch,
    report_size: 1,
    rejected_size: undefined,
    grace,
    now,
  });

  const names = async (folder: 'test' | 'live' | 'imports_processed' | 'imports_reports', now = NOW) =>
    (await one.store.listFolder(one.account.id, folder, now)).map((entry) => entry.name);

  describe('a chunk', () => {
    test('makes policies of new keys, in order, with contiguous numbers', async () => {
      const claim = await one.claim();
      const result = await one.commit(claim, [purchase(1, 'a'), purchase(2, 'b')]);
      expect(result).toEqual({ ok: true, value: { rows: 2, created: 2, duplicates: 0, rejected: 0 } });
      const outcomes = await one.store.outcomes(claim.import.id, 0);
      expect(outcomes?.map((outcome) => ('policy_number' in outcome ? outcome.policy_number : ''))).toEqual([
        'TEST-TR-000000001',
        'TEST-TR-000000002',
      ]);
    });

    test('finds the same key with the same content a duplicate, within the chunk and across files', async () => {
      const first = await one.claim('first.csv');
      const result = await one.commit(first, [purchase(1, 'a'), purchase(2, 'a')]);
      expect(result).toMatchObject({ value: { created: 1, duplicates: 1 } });
      const second = await one.claim('second.csv');
      expect(await one.commit(second, [purchase(1, 'a')])).toMatchObject({
        value: { created: 0, duplicates: 1 },
      });
      const [duplicate] = (await one.store.outcomes(second.import.id, 0)) ?? [];
      const [created] = (await one.store.outcomes(first.import.id, 0)) ?? [];
      expect(duplicate).toMatchObject({ outcome: 'duplicate' });
      expect(duplicate).toHaveProperty('policy_id', created && 'policy_id' in created && created.policy_id);
    });

    test('rejects the same key with other content, and names where it was used first', async () => {
      await one.commit(await one.claim('first.csv'), [purchase(7, 'a', 'x')]);
      const second = await one.claim('second.csv');
      expect(await one.commit(second, [purchase(1, 'a', 'y')])).toMatchObject({ value: { rejected: 1 } });
      const [conflict] = (await one.store.outcomes(second.import.id, 0, 'rejected')) ?? [];
      expect(conflict).toMatchObject({ errors: [{ code: 'idempotency_conflict', value: 'a' }] });
      expect(JSON.stringify(conflict)).toContain('first.csv, row 7 (line 8)');
    });

    test('keeps the keys of test and live apart', async () => {
      await one.commit(await one.claim('a.csv', NOW, 'test'), [purchase(1, 'a', 'x')]);
      const live = await one.commit(await one.claim('a.csv', NOW, 'live'), [purchase(1, 'a', 'y')]);
      expect(live).toMatchObject({ value: { created: 1 } });
      const policies = await one.store.policies({ limit: 10 });
      expect(policies.map((policy) => policy.id.slice(0, 5))).toEqual(['lpol_', 'tpol_']);
      expect(policies.map((policy) => policy.policy_number)).toEqual(['TR-000000002', 'TEST-TR-000000001']);
    });

    test.each([
      'c93dc6de-08f7-4551-ab0e-ea19e5fccb2c',
      'C93DC6DE-08F7-4551-AB0E-EA19E5FCCB2C',
      'Ünïcode 🎫',
      '00017',
      'x'.repeat(255),
    ])('gives the key %s back as it came', async (key) => {
      await one.commit(await one.claim(), [purchase(1, key)]);
      expect((await one.store.policies({ limit: 1 }))[0]?.idempotency_key).toBe(key);
    });

    test('is all or nothing', async () => {
      const claim = await one.claim();
      const broken = { ...purchase(2, 'b'), premium: { ...purchase(2, 'b').premium, tax: 1 as never } };
      await expect(one.commit(claim, [purchase(1, 'a'), broken])).rejects.toThrow(
        'net 1728 + tax 1 is not gross 2056',
      );
      expect(await one.store.policies({ limit: 10 })).toEqual([]);
      expect(await one.store.outcomes(claim.import.id, 0)).toBeUndefined();
      expect(await one.commit(claim, [purchase(1, 'a')])).toMatchObject({ value: { created: 1 } });
    });

    test('of a worker that lost its claim changes nothing', async () => {
      const old = await one.claim('a.csv');
      const newer = await one.store.claimImport(HOUR, NOW + HOUR);
      expect(newer?.epoch).toBe(old.epoch + 1);
      expect(await one.commit(old, [purchase(1, 'a')])).toMatchObject({ ok: false, code: 'fenced' });
      expect(await one.store.completeImport(end(old))).toMatchObject({ ok: false, code: 'fenced' });
      expect(await one.store.renewLease(old.import.id, old.epoch, HOUR, NOW)).toBe(false);
      expect(await one.store.policies({ limit: 10 })).toEqual([]);
    });

    test('leaves its checkpoint to whoever claims next', async () => {
      const claim = await one.claim();
      await one.commit(claim, [purchase(1, 'a'), rejection(2)]);
      await one.store.failImport(claim.import.id, claim.epoch, 'the disk is full', NOW + 1);
      expect(await one.store.claimImport(HOUR, NOW)).toBeUndefined();
      const next = await one.store.claimImport(HOUR, NOW + 1);
      expect(next?.checkpoint).toEqual({ rows: 2, offset: 299, line: 4 });
      expect(next?.import).toMatchObject({ rows: 2, created: 1, rejected: 1, state: 'processing' });
    });
  });

  describe('events', () => {
    const types = async () => {
      const claimed = await one.store.claimDeliveries({ perEndpoint: 100, lease: HOUR, now: NOW + HOUR });
      return claimed.map(({ event }) => event.type);
    };
    const subscribe = (events: Parameters<typeof one.store.addEndpoint>[0]['events']) =>
      one.store.addEndpoint({
        account: one.account.id,
        url: 'https://a.example/',
        events,
        modes: ['test'],
        secret: 'whsec_x',
        now: NOW,
      });

    test('come with the change to every endpoint that wants them, and to no other', async () => {
      await subscribe(['policy.created', 'policy.rejected', 'import.completed']);
      const claim = await one.claim();
      await one.commit(claim, [purchase(1, 'a'), rejection(2, 'b'), purchase(3, 'c')]);
      await one.store.completeImport(end(claim));
      const live = await one.claim('live.csv', NOW, 'live');
      await one.commit(live, [purchase(1, 'a')]);
      expect((await types()).toSorted()).toEqual([
        'import.completed',
        'policy.created',
        'policy.created',
        'policy.rejected',
      ]);
    });

    test('are claimed a few at a time, and again when the lease runs out, with the same id', async () => {
      await subscribe(['policy.created']);
      await one.commit(await one.claim(), [purchase(1, 'a'), purchase(2, 'b'), purchase(3, 'c')]);
      const claim = (now: number) => one.store.claimDeliveries({ perEndpoint: 2, lease: 10, now });
      const first = await claim(NOW);
      expect(first).toHaveLength(2);
      expect(await claim(NOW)).toEqual([]);
      const again = await claim(NOW + 11);
      expect(again.map(({ event }) => event.id)).toEqual(first.map(({ event }) => event.id));
      expect(new Set(first.map(({ event }) => event.id)).size).toBe(2);
    });

    test('that were delivered or given up are not sent again', async () => {
      await subscribe(['policy.created']);
      await one.commit(await one.claim(), [purchase(1, 'a'), purchase(2, 'b'), purchase(3, 'c')]);
      const [a, b, c] = await one.store.claimDeliveries({ perEndpoint: 9, lease: HOUR, now: NOW });
      if (!a || !b || !c) throw new Error('three were to be claimed');
      const outcome = { attempt: 1, status: 500, problem: 'no', retry_at: undefined, now: NOW };
      await one.store.recordAttempts([
        { ...outcome, id: a.id, status: 200, problem: undefined },
        { ...outcome, id: b.id },
        { ...outcome, id: c.id, retry_at: NOW + 5 },
      ]);
      const later = await one.store.claimDeliveries({ perEndpoint: 9, lease: HOUR, now: NOW + 5 });
      expect(later.map(({ id, attempt }) => [id, attempt])).toEqual([[c.id, 2]]);
    });
  });

  describe('an upload', () => {
    test('is incomplete until CLOSE, settling until it is due, and then queued', async () => {
      const state = async (now: number) => (await one.store.imports({ limit: 1, now }))[0]?.state;
      const file = await upload('a.csv');
      expect(await state(NOW)).toBe('incomplete');
      if (!file.ok) throw new Error(file.message);
      await one.store.commitUpload(file.value.file, {
        size: 1,
        mtime: NOW,
        eligible: true,
        now: NOW,
        due: NOW + 3,
      });
      expect([await state(NOW), await state(NOW + 3)]).toEqual(['settling', 'queued']);
      expect(await one.store.claimImport(HOUR, NOW + 2)).toBeUndefined();
      expect(await one.store.claimImport(HOUR, NOW + 3)).toBeDefined();
    });

    test('waits longer when the path is touched, but not for ever', async () => {
      const file = await dropped('a.csv', NOW, NOW + 3);
      await one.store.touch(file, { due: NOW + 50, moves: NOW });
      expect(await one.store.claimImport(HOUR, NOW + 49)).toBeUndefined();
      await one.store.touch(file, { due: NOW + 24 * HOUR, moves: NOW });
      expect(await one.store.claimImport(HOUR, NOW + HOUR)).toBeDefined();
    });

    test('onto a file that is being imported begins a new file, which can continue the old one', async () => {
      const file = await dropped('a.csv');
      const claim = await one.store.claimImport(HOUR, NOW);
      expect(await upload('a.csv', NOW, { exclusive: true })).toMatchObject({ ok: false, code: 'exists' });
      expect(await upload('a.csv')).toMatchObject({ ok: true, value: { fresh: true, continues: file } });
      expect(await names('test')).toEqual(['a.csv']);
      if (claim) await one.store.completeImport(end(claim));
      expect(await names('test')).toEqual(['a.csv']);
      expect(await names('imports_processed')).toEqual(['a.csv']);
    });

    test('of a name nobody knows is absent without create', async () => {
      expect(await upload('a.csv', NOW, { create: false })).toMatchObject({ ok: false, code: 'absent' });
    });

    test('that the process was writing when it died is known at the next start', async () => {
      const file = await upload('a.csv');
      await dropped('b.csv');
      expect(await one.store.openUploads()).toEqual(file.ok && [file.value.file]);
    });

    test('of a name that is not eligible is kept and never imported', async () => {
      const file = await upload('a.tmp', NOW, { eligible: false });
      if (!file.ok) throw new Error(file.message);
      await one.store.commitUpload(file.value.file, {
        size: 1,
        mtime: NOW,
        eligible: false,
        now: NOW,
        due: NOW,
      });
      expect(await one.store.imports({ limit: 1, now: NOW })).toEqual([]);
      expect(await names('test')).toEqual(['a.tmp']);
      const path = { account: one.account.id, mode: 'test', name: 'a.tmp' } as const;
      await one.store.renameUpload(path, 'a.csv', { eligible: true, now: NOW, due: NOW, replace: false });
      expect(await one.store.claimImport(HOUR, NOW)).toMatchObject({ import: { file: 'a.csv' } });
    });
  });

  describe('a processed file', () => {
    async function processed(name: string, now = NOW, grace = 0) {
      await dropped(name, now);
      const claim = await one.store.claimImport(HOUR, now);
      if (!claim) throw new Error('nothing to claim');
      await one.store.completeImport(end(claim, now, grace));
      return claim;
    }

    test('is in one folder at every moment: where it was dropped until the grace is over, then in imports_processed', async () => {
      await processed('a.csv', NOW, 10);
      const folders = async (now: number) => [
        await names('test', now),
        await names('imports_processed', now),
      ];
      expect(await folders(NOW + 9)).toEqual([['a.csv'], []]);
      expect(await one.store.hasProcessedFiles(one.account.id, NOW + 9)).toBe(false);
      expect(await folders(NOW + 10)).toEqual([[], ['a.csv']]);
      expect(await names('imports_reports', NOW + 10)).toEqual(['a.csv.report.csv']);
    });

    test('is remembered at its old path for 15 minutes, without being listed', async () => {
      await processed('a.csv');
      const found = (now: number) => one.store.findEntry(one.account.id, 'test', 'a.csv', now);
      expect(await found(NOW + 60_000)).toMatchObject({ state: 'moved', size: 10 });
      expect(await found(NOW + 16 * 60_000)).toBeUndefined();
      expect(await upload('a.csv', NOW, { exclusive: true })).toMatchObject({ ok: true });
    });

    test('never takes the name of another', async () => {
      for (const name of ['a.csv', 'a.csv', 'a.csv', 'b.csv.gz', 'b.csv.gz']) await processed(name);
      expect(await names('imports_processed')).toEqual(
        ['a (2).csv', 'a (3).csv', 'a.csv', 'b (2).csv.gz', 'b.csv.gz'].toSorted(),
      );
    });

    test('can be neither removed nor renamed any more', async () => {
      await dropped('a.csv');
      await one.store.claimImport(HOUR, NOW);
      const path = { account: one.account.id, mode: 'test', name: 'a.csv' } as const;
      expect(await one.store.removeUpload(path, NOW)).toMatchObject({ code: 'taken' });
      const rename = await one.store.renameUpload(path, 'b.csv', {
        eligible: true,
        now: NOW,
        due: NOW,
        replace: false,
      });
      expect(rename).toMatchObject({ code: 'taken' });
    });
  });

  describe('an operator', () => {
    test('releases a held file, which is then imported as it is', async () => {
      const claim = await one.claim();
      await one.store.holdImport(claim.import.id, claim.epoch, 'cut off in row 3');
      expect(await one.store.import(claim.import.id, NOW)).toMatchObject({
        state: 'held',
        problem: 'cut off in row 3',
      });
      expect(await one.store.claimImport(HOUR, NOW + HOUR)).toBeUndefined();
      expect(await one.store.releaseImport(claim.import.id)).toMatchObject({ ok: true });
      expect(await one.store.claimImport(HOUR, NOW)).toMatchObject({ released: true });
      expect(await one.store.releaseImport(claim.import.id)).toMatchObject({ code: 'wrong_state' });
      expect(await one.store.releaseImport('imp_x' as never)).toMatchObject({ code: 'absent' });
    });

    test('cancels what has not begun, and nothing else', async () => {
      await dropped('a.csv', NOW, NOW + 10);
      const [waiting] = await one.store.imports({ limit: 1, now: NOW });
      if (!waiting) throw new Error('no import');
      expect(await one.store.cancelImport(waiting.id)).toMatchObject({ ok: true });
      expect(await one.store.claimImport(HOUR, NOW + HOUR)).toBeUndefined();
      const running = await one.claim('b.csv');
      expect(await one.store.cancelImport(running.import.id)).toMatchObject({ code: 'wrong_state' });
    });
  });

  test('a product whose definition differs becomes its next version', async () => {
    const publish = (definition: string) =>
      one.store.publishProduct({
        product_id: 'pr_1',
        definition,
        currency: 'EUR',
        policy_number: '{number}',
        now: NOW,
      });
    expect(await publish('{}')).toMatchObject({ version: 1 });
    expect(await publish('{"a":1}')).toMatchObject({ version: 2 });
    expect(await one.store.products()).toEqual([{ product_id: 'pr_1', version: 2, definition: '{"a":1}' }]);
  });
}
