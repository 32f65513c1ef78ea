import type { Catalogue } from '../product/product.ts';
import type { Checkpoint, Claim } from '../store/import-store.ts';
import { FIRST_CHUNK, nextChunkSize } from './chunk-size.ts';
import type { Header } from './header.ts';
import type { ImportDeps } from './import-deps.ts';
import type { Table } from './inspect.ts';
import { type Position, RecordReader } from './reader.ts';
import { RowReader } from './row.ts';

/** Hands the rows of a file to the store, chunk by chunk from the claim's checkpoint on; one commits while the next is read. */
export async function importRows(
  claim: Claim,
  table: Table,
  header: Header,
  catalogue: Catalogue,
  { store, clock, stop }: ImportDeps,
): Promise<'done' | 'fenced' | 'stopped'> {
  const records = new RecordReader(table.text.bytes, table.dialect, startOf(claim.checkpoint, table.body));
  const reader = new RowReader(header, catalogue);
  let size = FIRST_CHUNK;
  let committing: Promise<Committed> = Promise.resolve({ ok: true, next: size });
  for (;;) {
    const rows = (await records.next(size)).map((record) => reader.read(record));
    const committed = await committing;
    if (!committed.ok) return 'fenced';
    if (rows.length === 0) return 'done';
    if (stop.aborted) return 'stopped';
    size = committed.next;
    committing = commit(rows, checkpointAt(records.position));
    committing.catch(() => undefined); // it is awaited, but only after the next rows are read
  }

  async function commit(rows: ReturnType<RowReader['read']>[], checkpoint: Checkpoint): Promise<Committed> {
    const now = clock();
    const { import: one, epoch } = claim;
    const { ok } = await store.commitChunk({
      import: one.id,
      epoch,
      rows,
      shapes: reader.shapes,
      checkpoint,
      now,
    });
    return { ok, next: nextChunkSize(rows.length, clock() - now) };
  }
}

type Committed = { readonly ok: boolean; readonly next: number };

function startOf({ rows, offset, line }: Checkpoint, body: Position): Position {
  return offset === 0 ? body : { row: rows + 1, line, offset };
}

function checkpointAt({ row, line, offset }: Position): Checkpoint {
  return { rows: row - 1, line, offset };
}
