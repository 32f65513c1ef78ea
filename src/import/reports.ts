import type { Import, RowError } from '../domain/import.ts';
import { REPORT_HEADER, rejectionLine } from '../domain/report-line.ts';
import type { Spool, SpoolReport } from '../inbox/spool.ts';
import type { ChunkReport, ImportStore } from '../store/import-store.ts';
import { Bell } from './bell.ts';
import type { Table } from './inspect.ts';
import { rejectedHeader, rejectedRecords } from './rejected-rows.ts';

const LOOK_AGAIN_MS = 1000; // whoever commits a chunk says so at once

type Sizes = { readonly report_size: number; readonly rejected_size: number | undefined };
type ReportSpool = Pick<Spool, 'createReport'>;

/** The reports of an import under way; disposed of before they are finished, they are abandoned. */
export type Reports = AsyncDisposable & {
  /** Another chunk has been committed. */
  more(): void;
  /** All chunks have been committed: resolves to the sizes of the finished reports, or throws what went wrong with them. */
  finish(): Promise<Sizes>;
};

/**
 * Writes what became of every row, from the store's outcomes, while further rows are being imported: `report`, a line
 * for each row, and `rejected`, the rejected rows as they were sent, when there are any. One chunk is in memory at a time.
 */
export function startReports(
  one: Import,
  table: Table,
  { store, spool }: { store: ImportStore; spool: ReportSpool },
): Reports {
  const committed = new Bell();
  let isWhole = false;
  let isAbandoned = false;
  const written = write();
  written.catch(() => undefined); // it is thrown where it is awaited
  return {
    more: () => committed.ring(),
    finish: () => {
      isWhole = true;
      committed.ring();
      return written;
    },
    [Symbol.asyncDispose]: async () => {
      isAbandoned = true;
      committed.ring();
      await written.catch(() => undefined);
    },
  };

  async function write(): Promise<Sizes> {
    const report = await spool.createReport(one.file_id, 'report');
    let rejected: SpoolReport | undefined;
    try {
      await report.write(REPORT_HEADER);
      for await (const { lines, rejected: refused } of chunks()) {
        await report.write(lines);
        const records = await rejectedRecords(refused, table);
        if (records.length === 0) continue;
        rejected ??= await startRejected(one, table, spool);
        await rejected.write(records);
      }
      if (isAbandoned) throw new Error('The reports were abandoned');
      return { report_size: await report.commit(), rejected_size: await rejected?.commit() };
    } catch (error) {
      await Promise.all([report.discard(), rejected?.discard()]);
      throw error;
    }
  }

  /** Every chunk once it is committed, until the last. */
  async function* chunks(): AsyncGenerator<ChunkReport> {
    for (let chunk = 0; !isAbandoned; ) {
      const wasWhole = isWhole;
      const report = await store.reportChunk(one.id, chunk);
      if (report) {
        chunk++;
        yield report;
      } else if (wasWhole) return;
      else await committed.wait(LOOK_AGAIN_MS);
    }
  }
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
