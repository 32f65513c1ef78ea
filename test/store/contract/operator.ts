import { expect, test } from 'vitest';
import type { Claim } from '../../../src/store/import-store.ts';
import { type AStore, HOUR, NOW, purchase, rejection, typesOf } from '../a-store.ts';

export function operatorContract(one: () => AStore): void {
  const state = async ({ import: { id } }: Claim) => (await one().store.import(id, NOW))?.state;

  test('releases a held file, which is then imported as it is', async () => {
    const claim = await one().claim();
    await one().store.holdImport(claim.import.id, claim.epoch, 'cut off in row 3', NOW);
    expect(await one().store.import(claim.import.id, NOW)).toMatchObject({
      state: 'held',
      problem: 'cut off in row 3',
    });
    expect(await one().store.claimImport(HOUR, NOW + HOUR)).toBeUndefined();
    expect(await one().store.releaseImport(claim.import.id)).toMatchObject({ ok: true });
    expect(await one().store.claimImport(HOUR, NOW)).toMatchObject({ released: true });
    expect(await one().store.releaseImport(claim.import.id)).toMatchObject({ code: 'wrong_state' });
    expect(await one().store.releaseImport('imp_x' as never)).toMatchObject({ code: 'absent' });
  });

  test('holds what waits, which is still looked at when it is released', async () => {
    await one().dropped('a.csv');
    const [waiting] = await one().store.imports({ limit: 1, now: NOW });
    if (!waiting) throw new Error('no import');
    expect(await one().store.pauseImport(waiting.id, NOW)).toMatchObject({ ok: true });
    expect(await one().store.claimImport(HOUR, NOW)).toBeUndefined();
    expect(await one().store.releaseImport(waiting.id)).toMatchObject({ ok: true });
    expect(await one().store.claimImport(HOUR, NOW)).toMatchObject({ released: false });
  });

  test('holds what runs: what is decided stays so, and the rest follows when it is released', async () => {
    const claim = await one().claim();
    await one().commit(claim, [purchase(1, 'a')]);
    expect(await one().store.pauseImport(claim.import.id, NOW)).toMatchObject({ ok: true });
    expect(await one().commit(claim, [purchase(2, 'b')], 1)).toMatchObject({ code: 'fenced' });
    expect(await one().store.findEntry(one().account.id, 'test', 'tickets.csv', NOW)).toMatchObject({
      state: 'taken',
    });
    await one().store.releaseImport(claim.import.id);
    const again = await one().store.claimImport(HOUR, NOW);
    if (!again) throw new Error('nothing to claim');
    expect(again.checkpoint.rows).toBe(1);
    expect(await one().commit(again, [purchase(2, 'b')], 1)).toMatchObject({ value: { created: 2 } });
  });

  test('cancels what has not begun; its file stays, and may be run again', async () => {
    await one().dropped('a.csv', NOW, NOW + 10);
    const [waiting] = await one().store.imports({ limit: 1, now: NOW });
    if (!waiting) throw new Error('no import');
    expect(await one().store.cancelImport(waiting.id)).toMatchObject({ ok: true });
    expect(await one().store.claimImport(HOUR, NOW + HOUR)).toBeUndefined();
    expect(await one().names('test')).toEqual(['a.csv']);
    expect(await one().store.cancelImport(waiting.id)).toMatchObject({ code: 'wrong_state' });
    expect(await one().store.rerunImport(waiting.id, NOW)).toEqual({ ok: true, value: waiting.id });
    expect(await one().store.claimImport(HOUR, NOW)).toMatchObject({ import: { id: waiting.id } });
  });

  test('cancels what runs: the other rows are rejected, without an event each, and the file moves', async () => {
    await one().subscribe();
    const claim = await one().claim();
    await one().commit(claim, [purchase(1, 'a')]);
    expect(await one().store.cancelImport(claim.import.id)).toMatchObject({ ok: true });
    const rows = [purchase(2, 'a'), purchase(3, 'b'), rejection(4)];
    expect(await one().commit(claim, rows, 1)).toMatchObject({
      value: { rows: 4, created: 1, duplicates: 1, rejected: 2 },
    });
    await one().store.completeImport(one().end(claim));
    expect(await one().store.import(claim.import.id, NOW)).toMatchObject({
      state: 'cancelled',
      problem: expect.stringContaining('An operator cancelled the import'),
    });
    expect((await one().store.outcomes(claim.import.id, 1))?.[1]).toMatchObject({
      row: 3,
      outcome: 'rejected',
      errors: [{ code: 'cancelled' }],
    });
    expect(await one().names('imports_processed')).toEqual(['tickets.csv']);
    expect((await one().deliveries()).flatMap(typesOf)).toEqual([
      'policy.created',
      'policy.rejected',
      'import.completed',
    ]);
  });

  test('cancels what is held in the middle, whose rest is then rejected', async () => {
    const claim = await one().claim();
    await one().commit(claim, [purchase(1, 'a')]);
    await one().store.pauseImport(claim.import.id, NOW);
    await one().store.cancelImport(claim.import.id);
    const again = await one().store.claimImport(HOUR, NOW);
    if (!again) throw new Error('nothing to claim');
    expect(again.verdict).toBe('cancelled');
    await one().commit(again, [purchase(2, 'b')], 1);
    await one().store.completeImport(one().end(again));
    expect(await state(claim)).toBe('cancelled');
  });

  test('runs an ended import again as another of the same file, which stays where it is', async () => {
    const claim = await one().claim();
    const { id } = claim.import;
    expect(await one().store.rerunImport(id, NOW)).toMatchObject({ code: 'wrong_state' });
    await one().commit(claim, [purchase(1, 'a'), rejection(2, 'b')]);
    await one().store.completeImport(one().end(claim));
    const made = await one().store.rerunImport(id, NOW);
    if (!made.ok) throw new Error(made.message);
    expect(made.value).not.toBe(id);
    expect(await one().store.rerunImport(id, NOW), 'one at a time').toMatchObject({ code: 'wrong_state' });
    const again = await one().store.claimImport(HOUR, NOW);
    if (!again) throw new Error('nothing to claim');
    expect(again.import).toMatchObject({ id: made.value, file_id: claim.import.file_id });
    expect(await one().names('imports_processed')).toEqual(['tickets.csv']);
    expect(await one().names('test')).toEqual([]);
    await one().commit(again, [purchase(1, 'a'), purchase(2, 'b')]);
    await one().store.completeImport(one().end(again));
    expect(await one().store.import(made.value, NOW)).toMatchObject({
      created: 1,
      duplicates: 1,
      rejected: 0,
    });
    expect(await one().store.import(id, NOW), 'the first stays as it was').toMatchObject({
      created: 1,
      rejected: 1,
    });
    expect(await one().names('imports_processed')).toEqual(['tickets.csv']);
  });

  test('cannot run a file again that the partner has removed', async () => {
    await one().dropped('a.csv');
    const [waiting] = await one().store.imports({ limit: 1, now: NOW });
    if (!waiting) throw new Error('no import');
    await one().store.cancelImport(waiting.id);
    await one().store.removeUpload({ account: one().account.id, mode: 'test', name: 'a.csv' }, NOW);
    expect(await one().store.rerunImport(waiting.id, NOW)).toMatchObject({
      code: 'wrong_state',
      message: expect.stringContaining('the partner has removed its file'),
    });
  });

  test('of several accounts, the one with the fewest running imports comes first', async () => {
    const other = await one().anotherAccount('other');
    for (const name of ['a.csv', 'b.csv', 'c.csv']) await one().dropped(name);
    await one().dropped('d.csv', NOW, NOW, 'test', other);
    const names: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) names.push((await one().store.claimImport(HOUR, NOW))?.import.file);
    expect(names).toEqual(['a.csv', 'd.csv', 'b.csv', 'c.csv']);
  });

  test('a file that is too large for the place that is free waits, and smaller ones pass it', async () => {
    await one().dropped('large.csv', NOW, NOW, 'test', one().account, 1000);
    await one().dropped('small.csv', NOW, NOW, 'test', one().account, 10);
    expect(await one().store.claimImport(HOUR, NOW, 100)).toMatchObject({ import: { file: 'small.csv' } });
    expect(await one().store.claimImport(HOUR, NOW, 100)).toBeUndefined();
    expect(await one().store.claimImport(HOUR, NOW)).toMatchObject({ import: { file: 'large.csv' } });
  });

  test('of an account that rejects whole files one import runs at a time', async () => {
    await one().store.setBadRows(one().account.id, 'reject-file');
    await one().dropped('a.csv');
    await one().dropped('b.csv');
    const first = await one().store.claimImport(HOUR, NOW);
    if (!first) throw new Error('nothing to claim');
    expect(first.account.bad_rows).toBe('reject-file');
    expect(await one().store.claimImport(HOUR, NOW)).toBeUndefined();
    await one().store.refuseRest(first.import.id, first.epoch, 'file_rejected');
    expect(await one().commit(first, [purchase(1, 'a')])).toMatchObject({
      value: { created: 0, rejected: 1 },
    });
    await one().store.completeImport(one().end(first));
    expect(await state(first)).toBe('rejected');
    expect(await one().store.claimImport(HOUR, NOW)).toMatchObject({ import: { file: 'b.csv' } });
  });
}
