import type { Catalogue } from '../product/product.ts';
import { type ChunkRows, RowPacker } from '../store/chunk-rows.ts';
import type { Checkpoint, Claim } from '../store/import-store.ts';
import { FIRST_CHUNK, nextChunkSize } from './chunk-size.ts';
import type { Header } from './header.ts';
import type { ImportDeps } from './import-deps.ts';
import type { Table } from './inspect.ts';
import { type Position, RecordReader } from './reader.ts';
import type { Reports } from './reports.ts';
import { RowReader } from './row.ts';

const SOME_RECORDS = 50; // in memory as cells; of the others there are only the packed rows
const MAX_CHUNK_BYTES = 2 * 1024 * 1024; // of the file, however few rows that are

/** Hands the rows of a file to the store, chunk by chunk from the claim's checkpoint on; one commits while the next is read. */
export async function importRows(
  claim: Claim,
  table: Table,
  header: Header,
  catalogue: Catalogue,
  reports: Pick<Reports, 'more'>,
  { store, clock, stop }: ImportDeps,
): Promise<'done' | 'fenced' | 'stopped'> {
  const records = new RecordReader(table.text.bytes, table.dialect, startOf(claim.checkpoint, table.body));
  const reader = new RowReader(header, catalogue);
  const packer = new RowPacker();
  let size = FIRST_CHUNK;
  let committing: Promise<Committed> = Promise.resolve({ ok: true, next: size });
  for (;;) {
    const start = records.position.offset;
    while (packer.count < size && records.position.offset - start < MAX_CHUNK_BYTES) {
      const some = await records.next(Math.min(SOME_RECORDS, size - packer.count));
      if (some.length === 0) break;
      for (const record of some) packer.add(reader.read(record));
    }
    const committed = await committing;
    if (!committed.ok) return 'fenced';
    if (packer.count === 0) return 'done';
    if (stop.aborted) return 'stopped';
    size = committed.next;
    committing = commit(packer.count, packer.take(), checkpointAt(records.position));
    committing.catch(() => undefined); // it is awaited, but only after the next rows are read
  }

  async function commit(count: number, rows: ChunkRows, checkpoint: Checkpoint): Promise<Committed> {
    const now = clock();
    const { import: one, epoch } = claim;
    const { shapes } = reader;
    const { ok } = await store.commitChunk({ import: one.id, epoch, rows, shapes, checkpoint, now });
    reports.more();
    return { ok, next: nextChunkSize(count, clock() - now) };
  }
}

type Committed = { readonly ok: boolean; readonly next: number };

function startOf({ rows, offset, line }: Checkpoint, body: Position): Position {
  return offset === 0 ? body : { row: rows + 1, line, offset };
}

function checkpointAt({ row, line, offset }: Position): Checkpoint {
  return { rows: row - 1, line, offset };
}
