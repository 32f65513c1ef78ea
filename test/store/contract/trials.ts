import { expect, test } from 'vitest';
import type { RowOutcome } from '../../../src/domain/import.ts';
import { packRows } from '../../../src/store/chunk-rows.ts';
import { type AStore, INTEGRATION, PATHS, purchase, rejection } from '../a-store.ts';

export function trialContract(one: () => AStore): void {
  const tried = (rows: Parameters<typeof packRows>[0], trial = 'one', name = 'tried.csv') =>
    one().store.tryChunk({
      trial,
      file: { account: one().account.id, mode: 'test', name },
      rows: packRows(rows),
      shapes: [{ integration_id: INTEGRATION, product_id: 'pr_1', product_version: 1, paths: PATHS }],
    });
  const plain = (outcomes: readonly RowOutcome[]) =>
    outcomes.map((outcome) => [
      outcome.row,
      outcome.outcome,
      outcome.outcome === 'rejected' ? outcome.errors[0]?.message : outcome.policy_number,
    ]);

  test('decides as a commit would, and stores nothing', async () => {
    await one().commit(await one().claim('first.csv'), [purchase(1, 'a', 'x'), purchase(2, 'b', 'x')]);
    const rows = [
      purchase(1, 'a', 'x'),
      purchase(2, 'b', 'y'),
      rejection(3, 'c'),
      purchase(4, 'c', 'x'),
      purchase(5, 'c', 'x'),
      purchase(6, 'c', 'y'),
    ];
    const outcomes = plain(await tried(rows));
    expect(outcomes).toEqual([
      [1, 'duplicate', 'TEST-TR-000000001'],
      [2, 'rejected', expect.stringContaining('was used already in first.csv, row 2 (line 3)')],
      [3, 'rejected', 'policy.first_name is missing'],
      [4, 'created', ''],
      [5, 'duplicate', ''],
      [6, 'rejected', expect.stringContaining('was used already in tried.csv, row 4 (line 5)')],
    ]);
    expect((await one().store.policies({ limit: 10 })).policies).toHaveLength(2);
    const claim = await one().claim('tried.csv');
    await one().commit(claim, rows);
    const decided = plain((await one().store.outcomes(claim.import.id, 0)) ?? []);
    expect(decided.map(([row, outcome]) => [row, outcome])).toEqual(
      outcomes.map(([row, outcome]) => [row, outcome]),
    );
  });

  test('knows the rows of its earlier chunks, and not those of another trial or of one that has ended', async () => {
    expect(plain(await tried([purchase(1, 'a')]))).toEqual([[1, 'created', '']]);
    expect(plain(await tried([purchase(2, 'a')]))).toEqual([[2, 'duplicate', '']]);
    expect(plain(await tried([purchase(1, 'a')], 'two'))).toEqual([[1, 'created', '']]);
    await one().store.endTrial('one');
    expect(plain(await tried([purchase(1, 'a')]))).toEqual([[1, 'created', '']]);
  });

  test('does not keep the writer waiting', async () => {
    const claim = await one().claim();
    const both = [tried([purchase(1, 'a')]), one().commit(claim, [purchase(1, 'a')])] as const;
    expect((await Promise.all(both))[1]).toMatchObject({ value: { created: 1 } });
  });
}
