import type { Catalogue } from '../product/product.ts';
import { type ChunkRows, RowPacker } from '../store/chunk-rows.ts';
import type { Checkpoint, Shape } from '../store/import-store.ts';
import type { Header } from './header.ts';
import type { Table } from './inspect.ts';
import { type Position, RecordReader } from './reader.ts';
import { RowReader } from './row.ts';

const SOME_RECORDS = 50; // in memory as cells; of the others there are only the packed rows
const MAX_CHUNK_BYTES = 2 * 1024 * 1024; // of the file, however few rows that are

/** Rows to be decided at once; `checkpoint` is where the next ones begin. */
export type ReadChunk = {
  readonly count: number;
  readonly rows: ChunkRows;
  readonly shapes: readonly Shape[];
  readonly checkpoint: Checkpoint;
};

/** Reads the rows of a table, and judges each by itself: what it asks for, or all that is wrong with it. */
export class ChunkReader {
  private readonly packer = new RowPacker();
  private readonly records: RecordReader;
  private readonly reader: RowReader;

  /** `catalogue` holds the integrations that the file's account may sell; `from` is a checkpoint of an earlier reader. */
  constructor(table: Table, header: Header, catalogue: Catalogue, from?: Checkpoint) {
    this.records = new RecordReader(table.text.bytes, table.dialect, startOf(from, table.body));
    this.reader = new RowReader(header, catalogue);
  }

  /** How far the text has been read. */
  get bytesRead(): number {
    return this.records.position.offset;
  }

  /** The next rows, at most `size`; undefined at the end. */
  async next(size: number): Promise<ReadChunk | undefined> {
    const { packer, records, reader } = this;
    const start = records.position.offset;
    while (packer.count < size && records.position.offset - start < MAX_CHUNK_BYTES) {
      const some = await records.next(Math.min(SOME_RECORDS, size - packer.count));
      if (some.length === 0) break;
      for (const record of some) packer.add(reader.read(record));
    }
    const { count } = packer;
    if (count === 0) return undefined;
    const { row, line, offset } = records.position;
    return { count, rows: packer.take(), shapes: reader.shapes, checkpoint: { rows: row - 1, line, offset } };
  }
}

function startOf(from: Checkpoint | undefined, body: Position): Position {
  return from === undefined || from.offset === 0 ? body : { ...from, row: from.rows + 1 };
}
