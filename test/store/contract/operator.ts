import { expect, test } from 'vitest';
import { type AStore, HOUR, NOW } from '../a-store.ts';

export function operatorContract(one: () => AStore): void {
  test('releases a held file, which is then imported as it is', async () => {
    const claim = await one().claim();
    await one().store.holdImport(claim.import.id, claim.epoch, 'cut off in row 3');
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

  test('cancels what has not begun, and nothing else', async () => {
    await one().dropped('a.csv', NOW, NOW + 10);
    const [waiting] = await one().store.imports({ limit: 1, now: NOW });
    if (!waiting) throw new Error('no import');
    expect(await one().store.cancelImport(waiting.id)).toMatchObject({ ok: true });
    expect(await one().store.claimImport(HOUR, NOW + HOUR)).toBeUndefined();
    const running = await one().claim('b.csv');
    expect(await one().store.cancelImport(running.import.id)).toMatchObject({ code: 'wrong_state' });
  });
}
