import { expect, test } from 'vitest';
import { type AStore, HOUR, NOW, purchase, rejection } from '../a-store.ts';

export function chunkContract(one: () => AStore): void {
  test('makes policies of new keys, in order, with contiguous numbers', async () => {
    const claim = await one().claim();
    const result = await one().commit(claim, [purchase(1, 'a'), purchase(2, 'b')]);
    expect(result).toMatchObject({ ok: true, value: { rows: 2, created: 2, duplicates: 0, rejected: 0 } });
    const outcomes = await one().store.outcomes(claim.import.id, 0);
    expect(outcomes?.map((outcome) => ('policy_number' in outcome ? outcome.policy_number : ''))).toEqual([
      'TEST-TR-000000001',
      'TEST-TR-000000002',
    ]);
  });

  test('finds the same key with the same content a duplicate, within the chunk and across files', async () => {
    const first = await one().claim('first.csv');
    const result = await one().commit(first, [purchase(1, 'a'), purchase(2, 'a')]);
    expect(result).toMatchObject({ value: { created: 1, duplicates: 1 } });
    const second = await one().claim('second.csv');
    expect(await one().commit(second, [purchase(1, 'a')])).toMatchObject({
      value: { created: 0, duplicates: 1 },
    });
    const [duplicate] = (await one().store.outcomes(second.import.id, 0)) ?? [];
    const [created] = (await one().store.outcomes(first.import.id, 0)) ?? [];
    expect(duplicate).toMatchObject({ outcome: 'duplicate' });
    expect(duplicate).toHaveProperty('policy_id', created && 'policy_id' in created && created.policy_id);
  });

  test('rejects the same key with other content, and names where it was used first', async () => {
    await one().commit(await one().claim('first.csv'), [purchase(7, 'a', 'x')]);
    const second = await one().claim('second.csv');
    expect(await one().commit(second, [purchase(1, 'a', 'y')])).toMatchObject({ value: { rejected: 1 } });
    const [conflict] = (await one().store.outcomes(second.import.id, 0, 'rejected')) ?? [];
    expect(conflict).toMatchObject({ errors: [{ code: 'idempotency_conflict', value: 'a' }] });
    expect(JSON.stringify(conflict)).toContain('first.csv, row 7 (line 8)');
  });

  test('answers with the report that is read of the chunk later', async () => {
    await one().commit(await one().claim('first.csv'), [purchase(1, 'a'), purchase(2, 'taken', 'x')]);
    const claim = await one().claim('second.csv');
    const rows = [
      purchase(1, 'a'),
      rejection(2, 'b'),
      purchase(3, '=ü'),
      purchase(4, 'taken', 'y'),
      rejection(5),
    ];
    const decided = await one().commit(claim, rows);
    const report = decided.ok ? decided.value.report : undefined;
    expect(Buffer.from(report?.lines ?? []).toString()).toMatch(
      /^1,.*duplicate.*\r\n2,.*rejected.*\r\n3,.*'=ü,created,/,
    );
    expect(report?.rejected.map(({ row }) => row)).toEqual([2, 4, 5]);
    expect(report).toEqual(await one().store.reportChunk(claim.import.id, 0));
  });

  test('keeps the keys of test and live apart', async () => {
    await one().commit(await one().claim('a.csv', NOW, 'test'), [purchase(1, 'a', 'x')]);
    const live = await one().commit(await one().claim('a.csv', NOW, 'live'), [purchase(1, 'a', 'y')]);
    expect(live).toMatchObject({ value: { created: 1 } });
    const { policies } = await one().store.policies({ limit: 10 });
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
    await one().commit(await one().claim(), [purchase(1, key)]);
    expect((await one().store.policies({ limit: 1 })).policies[0]?.idempotency_key).toBe(key);
  });

  test('is all or nothing', async () => {
    const claim = await one().claim();
    const broken = { ...purchase(2, 'b'), shape: 7 }; // there is no such shape
    await expect(one().commit(claim, [purchase(1, 'a'), broken])).rejects.toThrow('row 2 has no shape');
    expect((await one().store.policies({ limit: 10 })).policies).toEqual([]);
    expect(await one().store.outcomes(claim.import.id, 0)).toBeUndefined();
    expect(await one().commit(claim, [purchase(1, 'a')])).toMatchObject({ value: { created: 1 } });
  });

  test('of a worker that lost its claim changes nothing', async () => {
    const old = await one().claim('a.csv');
    const newer = await one().store.claimImport(HOUR, NOW + HOUR);
    expect(newer?.epoch).toBe(old.epoch + 1);
    expect(await one().commit(old, [purchase(1, 'a')])).toMatchObject({ ok: false, code: 'fenced' });
    expect(await one().store.completeImport(one().end(old))).toMatchObject({ ok: false, code: 'fenced' });
    expect(await one().store.renewLease(old.import.id, old.epoch, HOUR, NOW)).toBe(false);
    expect((await one().store.policies({ limit: 10 })).policies).toEqual([]);
  });

  test('lists the policies of an import, page by page over its chunks, and no others', async () => {
    const [first, second] = [await one().claim('a.csv'), await one().claim('b.csv')];
    await one().commit(first, [purchase(1, 'a1'), rejection(2), purchase(3, 'a3')]);
    await one().commit(second, [purchase(1, 'b1')]);
    await one().commit(first, [purchase(4, 'a1'), rejection(5)], 3); // a chunk that makes no policy
    await one().commit(first, [purchase(6, 'a6'), purchase(7, 'a7')], 5);
    const ofFirst = { import: first.import.id, limit: 2 };
    const page = await one().store.policies(ofFirst);
    const next = await one().store.policies({ ...ofFirst, ...(page.next && { before: page.next }) });
    const keys = [page, next].map(({ policies }) => policies.map((policy) => policy.idempotency_key));
    expect(keys).toEqual([
      ['a7', 'a6'],
      ['a3', 'a1'],
    ]);
    expect(next.next).toBeUndefined();
    const other = await one().anotherAccount('other');
    expect((await one().store.policies({ ...ofFirst, account: other.id })).policies).toEqual([]);
  });

  test('leaves its checkpoint to whoever claims next', async () => {
    const claim = await one().claim();
    await one().commit(claim, [purchase(1, 'a'), rejection(2)]);
    await one().store.failImport(claim.import.id, claim.epoch, 'the disk is full', NOW + 1);
    expect(await one().store.claimImport(HOUR, NOW)).toBeUndefined();
    const next = await one().store.claimImport(HOUR, NOW + 1);
    expect(next?.checkpoint).toEqual({ rows: 2, offset: 299, line: 4 });
    expect(next?.import).toMatchObject({ rows: 2, created: 1, rejected: 1, state: 'processing' });
  });
}
