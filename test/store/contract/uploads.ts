import { expect, test } from 'vitest';
import { type AStore, HOUR, NOW } from '../a-store.ts';

function put({ store, account }: AStore, name: string, bytes: Uint8Array, eligible = true) {
  const path = { account: account.id, mode: 'test', name } as const;
  return store.putUpload({ ...path, bytes, expected: 9, mtime: NOW, eligible, now: NOW, due: NOW });
}

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

  test('that comes whole is recorded with its bytes, in one step', async () => {
    const bytes = Buffer.from('a,b\n1,2\n');
    expect(await put(one(), 'a.csv', bytes)).toMatchObject({ ok: true });
    const claim = await one().store.claimImport(HOUR, NOW);
    expect(claim).toMatchObject({ import: { file: 'a.csv', size: 8 }, expected: 9 });
    const file = claim?.import.file_id;
    if (!file) throw new Error('nothing is due');
    expect(await one().store.fileBytes(file)).toEqual(new Uint8Array(bytes));
    expect(await put(one(), 'a.csv', bytes)).toMatchObject({ ok: true }); // the first is being imported
    await one().store.dropFileBytes(file);
    expect(await one().store.fileBytes(file)).toBeUndefined();
  });

  test('that comes whole is refused where a file may still change, and leaves that as it is', async () => {
    const file = await one().dropped('a.csv');
    expect(await put(one(), 'a.csv', Buffer.from('x'))).toMatchObject({ ok: false, code: 'exists' });
    expect(await one().store.fileBytes(file)).toBeUndefined();
    expect(await one().store.imports({ limit: 10, now: NOW })).toHaveLength(1);
  });

  test('that came whole takes its bytes along, however it goes', async () => {
    const path = { account: one().account.id, mode: 'test', name: 'a.csv' } as const;
    const commit = { replace: true, eligible: false, now: NOW, due: NOW };
    const going = [
      () => one().store.removeUpload(path, NOW),
      async () => {
        await put(one(), 'b.csv', Buffer.from('new'));
        await one().store.renameUpload({ ...path, name: 'b.csv' }, 'a.csv', commit);
      },
      () => one().store.expireUploads(NOW, NOW),
    ];
    for (const go of going) {
      await put(one(), 'a.csv', Buffer.from('old'), false);
      const entry = await one().store.findEntry(path.account, 'test', 'a.csv', NOW);
      if (!entry) throw new Error('a.csv is not there');
      await go();
      expect(await one().store.fileBytes(entry.file)).toBeUndefined();
      await one().store.removeUpload(path, NOW);
    }
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
