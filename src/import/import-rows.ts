import type { Claim } from '../store/import-store.ts';
import type { ChunkReader, ReadChunk } from './chunk-reader.ts';
import { FIRST_CHUNK, nextChunkSize } from './chunk-size.ts';
import type { ImportDeps } from './import-deps.ts';
import type { Reports } from './reports.ts';

/** Hands the rows of a file to the store, chunk by chunk; one commits while the next is read. */
export async function importRows(
  { import: { id }, epoch }: Claim,
  chunks: ChunkReader,
  reports: Pick<Reports, 'add'>,
  { store, clock, stop }: ImportDeps,
): Promise<'done' | 'fenced' | 'stopped'> {
  let committing: Promise<Committed> = Promise.resolve({ ok: true, next: FIRST_CHUNK });
  let size = FIRST_CHUNK;
  for (;;) {
    const chunk = await chunks.next(size);
    const committed = await committing;
    if (!committed.ok) return 'fenced';
    if (!chunk) return 'done';
    if (stop.aborted) return 'stopped';
    size = committed.next;
    committing = commit(chunk);
    committing.catch(() => undefined); // it is awaited, but only after the next rows are read
  }

  async function commit({ count, ...chunk }: ReadChunk): Promise<Committed> {
    const now = clock();
    const decided = await store.commitChunk({ import: id, epoch, ...chunk, now });
    const next = nextChunkSize(count, clock() - now);
    if (decided.ok) await reports.add(decided.value.report);
    return { ok: decided.ok, next };
  }
}

type Committed = { readonly ok: boolean; readonly next: number };
