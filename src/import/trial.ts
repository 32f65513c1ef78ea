import { randomUUID } from 'node:crypto';
import type { RowOutcome } from '../domain/import.ts';
import type { ImportStore, TriedFile } from '../store/import-store.ts';
import type { ChunkReader } from './chunk-reader.ts';

const CHUNK = 1000; // rows

/** What an import would make of the rows of a file, some at a time; nothing is stored. */
export async function* tryRows(
  chunks: ChunkReader,
  file: TriedFile,
  store: Pick<ImportStore, 'tryChunk' | 'endTrial'>,
): AsyncGenerator<RowOutcome[]> {
  const trial = randomUUID();
  try {
    for (;;) {
      const chunk = await chunks.next(CHUNK);
      if (!chunk) return;
      yield await store.tryChunk({ trial, file, rows: chunk.rows, shapes: chunk.shapes });
    }
  } finally {
    await store.endTrial(trial);
  }
}
