import { expect, test } from 'vitest';
import { type AStore, HOUR, NOW } from '../a-store.ts';

export function processedFileContract(one: () => AStore): void {
  async function processed(name: string, now = NOW, grace = 0) {
    await one().dropped(name, now);
    const claim = await one().store.claimImport(HOUR, now);
    if (!claim) throw new Error('nothing to claim');
    await one().store.completeImport(one().end(claim, now, grace));
    return claim;
  }

  test('is in one folder at every moment: where it was dropped until the grace is over, then in imports_processed', async () => {
    await processed('a.csv', NOW, 10);
    const folders = async (now: number) => [
      await one().names('test', now),
      await one().names('imports_processed', now),
    ];
    expect(await folders(NOW + 9)).toEqual([['a.csv'], []]);
    expect(await one().store.hasProcessedFiles(one().account.id, NOW + 9)).toBe(false);
    expect(await folders(NOW + 10)).toEqual([[], ['a.csv']]);
    expect(await one().names('imports_reports', NOW + 10)).toEqual(['a.csv.report.csv']);
  });

  test('is remembered at its old path for 15 minutes, without being listed', async () => {
    await processed('a.csv');
    const found = (now: number) => one().store.findEntry(one().account.id, 'test', 'a.csv', now);
    expect(await found(NOW + 60_000)).toMatchObject({ state: 'moved', size: 10 });
    expect(await found(NOW + 16 * 60_000)).toBeUndefined();
    expect(await one().upload('a.csv', NOW, { exclusive: true })).toMatchObject({ ok: true });
  });

  test('is found before one that has moved, though it was begun earlier, under another name', async () => {
    const { account, store } = one();
    const path = { account: account.id, mode: 'test', name: 'a.csv.part' } as const;
    const begun = await one().upload(path.name, NOW, { eligible: false });
    if (!begun.ok) throw new Error(begun.message);
    await processed('a.csv');
    await store.commitUpload(begun.value.file, { size: 7, mtime: 7, eligible: false, now: NOW, due: NOW });
    await store.renameUpload(path, 'a.csv', { eligible: true, now: NOW, due: NOW, replace: true });
    const claim = await store.claimImport(HOUR, NOW);
    if (!claim) throw new Error('nothing to claim');
    await store.completeImport(one().end(claim, NOW, 10));
    const found = (now: number) => store.findEntry(account.id, 'test', 'a.csv', now);
    expect(await found(NOW + 1)).toMatchObject({ file: begun.value.file, state: 'taken', size: 7 });
    expect(await found(NOW + 10)).toMatchObject({ state: 'moved' });
  });

  test('never takes the name of another', async () => {
    for (const name of ['a.csv', 'a.csv', 'a.csv', 'b.csv.gz', 'b.csv.gz']) await processed(name);
    expect(await one().names('imports_processed')).toEqual(
      ['a (2).csv', 'a (3).csv', 'a.csv', 'b (2).csv.gz', 'b.csv.gz'].toSorted(),
    );
  });

  test('can be neither removed nor renamed any more', async () => {
    await one().dropped('a.csv');
    await one().store.claimImport(HOUR, NOW);
    const path = { account: one().account.id, mode: 'test', name: 'a.csv' } as const;
    expect(await one().store.removeUpload(path, NOW)).toMatchObject({ code: 'taken' });
    const rename = await one().store.renameUpload(path, 'b.csv', {
      eligible: true,
      now: NOW,
      due: NOW,
      replace: false,
    });
    expect(rename).toMatchObject({ code: 'taken' });
  });
}
