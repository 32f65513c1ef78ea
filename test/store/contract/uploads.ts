import { expect, test } from 'vitest';
import { type AStore, HOUR, NOW } from '../a-store.ts';

export function uploadContract(one: () => AStore): void {
  test('is incomplete until CLOSE, settling until it is due, and then queued', async () => {
    const state = async (now: number) => (await one().store.imports({ limit: 1, now }))[0]?.state;
    const file = await one().upload('a.csv');
    expect(await state(NOW)).toBe('incomplete');
    if (!file.ok) throw new Error(file.message);
    await one().store.commitUpload(file.value.file, {
      size: 1,
      mtime: NOW,
      eligible: true,
      now: NOW,
      due: NOW + 3,
    });
    expect([await state(NOW), await state(NOW + 3)]).toEqual(['settling', 'queued']);
    expect(await one().store.claimImport(HOUR, NOW + 2)).toBeUndefined();
    expect(await one().store.claimImport(HOUR, NOW + 3)).toBeDefined();
  });

  test('waits longer when the path is touched, but not for ever', async () => {
    const file = await one().dropped('a.csv', NOW, NOW + 3);
    await one().store.touch(file, { due: NOW + 50, moves: NOW });
    expect(await one().store.claimImport(HOUR, NOW + 49)).toBeUndefined();
    await one().store.touch(file, { due: NOW + 24 * HOUR, moves: NOW });
    expect(await one().store.claimImport(HOUR, NOW + HOUR)).toBeDefined();
  });

  test('onto a file that is being imported begins a new file, which can continue the old one', async () => {
    const file = await one().dropped('a.csv');
    const claim = await one().store.claimImport(HOUR, NOW);
    expect(await one().upload('a.csv', NOW, { exclusive: true })).toMatchObject({
      ok: false,
      code: 'exists',
    });
    expect(await one().upload('a.csv')).toMatchObject({ ok: true, value: { fresh: true, continues: file } });
    expect(await one().names('test')).toEqual(['a.csv']);
    if (claim) await one().store.completeImport(one().end(claim));
    expect(await one().names('test')).toEqual(['a.csv']);
    expect(await one().names('imports_processed')).toEqual(['a.csv']);
  });

  test('of a name nobody knows is absent without create', async () => {
    expect(await one().upload('a.csv', NOW, { create: false })).toMatchObject({ ok: false, code: 'absent' });
  });

  test('that the process was writing when it died is known at the next start', async () => {
    const file = await one().upload('a.csv');
    await one().dropped('b.csv');
    expect(await one().store.openUploads()).toEqual(file.ok && [file.value.file]);
  });

  test('of a name that is not eligible is kept and never imported', async () => {
    const file = await one().upload('a.tmp', NOW, { eligible: false });
    if (!file.ok) throw new Error(file.message);
    await one().store.commitUpload(file.value.file, {
      size: 1,
      mtime: NOW,
      eligible: false,
      now: NOW,
      due: NOW,
    });
    expect(await one().store.imports({ limit: 1, now: NOW })).toEqual([]);
    expect(await one().names('test')).toEqual(['a.tmp']);
    const path = { account: one().account.id, mode: 'test', name: 'a.tmp' } as const;
    await one().store.renameUpload(path, 'a.csv', { eligible: true, now: NOW, due: NOW, replace: false });
    expect(await one().store.claimImport(HOUR, NOW)).toMatchObject({ import: { file: 'a.csv' } });
  });
}
