import type { Import, RowError } from '../domain/import.ts';
import { REPORT_HEADER, rejectionLine } from '../domain/report-line.ts';
import type { Spool, SpoolReport } from '../inbox/spool.ts';
import type { ChunkReport, ImportStore } from '../store/import-store.ts';
import type { Table } from './inspect.ts';
import { rejectedHeader, rejectedRecords } from './rejected-rows.ts';

type Sizes = { readonly report_size: number; readonly rejected_size: number | undefined };
type ReportSpool = Pick<Spool, 'createReport'>;

/** The reports of an import under way; disposed of before they are finished, they are abandoned. */
export type Reports = AsyncDisposable & {
  /** The chunk that was committed last; resolves when those before it are written. */
  add(chunk: ChunkReport): Promise<void>;
  /** Reads the chunks in the store that were not added, as those of an earlier run; false when it was stopped. */
  catchUp(stop: AbortSignal): Promise<boolean>;
  /** All chunks have been added: resolves to the sizes of the finished reports, or throws what went wrong with them. */
  finish(): Promise<Sizes>;
};

/**
 * Writes what became of every row, while further rows are being imported: `report`, a line for each row, and `rejected`, the
 * rejected rows as they were sent, when there are any. Two chunks are in memory at a time.
 */
export async function startReports(
  one: Import,
  table: Table,
  { store, spool }: { store: ImportStore; spool: ReportSpool },
): Promise<Reports> {
  const report = await spool.createReport(one.file_id, 'report');
  let rejected: SpoolReport | undefined;
  let added = 0;
  let isFinished = false;
  let written = report.write(REPORT_HEADER);

  function add(chunk: ChunkReport): Promise<void> {
    const before = written;
    added++;
    written = before.then(() => write(chunk));
    written.catch(() => undefined); // it is thrown to whoever adds the next one, or finishes
    return before;
  }

  async function write({ lines, rejected: refused }: ChunkReport): Promise<void> {
    await report.write(lines);
    const records = await rejectedRecords(refused, table);
    if (records.length === 0) return;
    rejected ??= await startRejected(one, table, spool);
    await rejected.write(records);
  }

  return {
    add,
    catchUp: async (stop) => {
      while (!stop.aborted) {
        const chunk = await store.reportChunk(one.id, added);
        if (!chunk) return true;
        await add(chunk);
      }
      return false;
    },
    finish: async () => {
      await written;
      const sizes = { report_size: await report.commit(), rejected_size: await rejected?.commit() };
      isFinished = true;
      return sizes;
    },
    [Symbol.asyncDispose]: async () => {
      if (isFinished) return;
      await written.catch(() => undefined);
      await Promise.all([report.discard(), rejected?.discard()]);
    },
  };
}

/** The report of a file that was rejected as a whole; gives its size. */
export async function writeRejection(
  one: Import,
  errors: readonly RowError[],
  spool: ReportSpool,
): Promise<number> {
  const report = await spool.createReport(one.file_id, 'report');
  try {
    await report.write(REPORT_HEADER + rejectionLine(errors));
    return await report.commit();
  } catch (error) {
    await report.discard();
    throw error;
  }
}

async function startRejected(one: Import, table: Table, spool: ReportSpool): Promise<SpoolReport> {
  const rejected = await spool.createReport(one.file_id, 'rejected');
  await rejected.write(await rejectedHeader(table));
  return rejected;
}
