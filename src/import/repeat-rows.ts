import type { ImportId } from '../domain/ids.ts';
import type { Claim } from '../store/import-store.ts';
import type { ImportDeps } from './import-deps.ts';
import type { Reports } from './reports.ts';

/** A file that was imported before, byte for byte, need not be read again: what became of its rows then says what they are now. */
export async function repeatRows(
  { import: { id }, epoch }: Claim,
  same: ImportId,
  reports: Pick<Reports, 'catchUp'>,
  { store, stop }: ImportDeps,
): Promise<'done' | 'fenced' | 'stopped'> {
  let writing = Promise.resolve(true);
  for (;;) {
    if (stop.aborted) return 'stopped';
    const repeated = await store.repeatChunk(id, epoch, same);
    if (!(await writing)) return 'stopped';
    if (!repeated.ok) return 'fenced';
    if (!repeated.value) return 'done';
    writing = reports.catchUp(stop);
    writing.catch(() => undefined); // it is awaited, but only after the next rows are decided
  }
}
