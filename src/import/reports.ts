import type { Import, RowError, RowOutcome } from '../domain/import.ts';
import type { Spool, SpoolReport } from '../inbox/spool.ts';
import type { ImportStore } from '../store/import-store.ts';
import { spreadsheetCell } from './csv-cell.ts';
import type { Table } from './inspect.ts';
import { rejectedHeader, rejectedRecords } from './rejected-rows.ts';
import { errorCells } from './row-error.ts';

const COLUMNS = [
  'row',
  'line',
  'idempotency_key',
  'outcome',
  'policy_id',
  'policy_number',
  'code',
  'column',
  'message',
];

type Sizes = { readonly report_size: number; readonly rejected_size: number | undefined };

/**
 * Writes what became of every row, from the store's outcomes: `report`, a line for each row, and `rejected`, the
 * rejected rows as they were sent, when there are any. Gives their sizes. One chunk is in memory at a time.
 */
export async function writeReports(
  one: Import,
  table: Table,
  { store, spool }: { store: ImportStore; spool: Pick<Spool, 'createReport'> },
): Promise<Sizes> {
  const report = await spool.createReport(one.file_id, 'report');
  let rejected: SpoolReport | undefined;
  try {
    await report.write(reportLine(COLUMNS));
    for (let chunk = 0; ; chunk++) {
      const outcomes = await store.outcomes(one.id, chunk);
      if (!outcomes) break;
      await report.write(outcomes.map((outcome) => reportLine(cellsOf(outcome))).join(''));
      const records = await rejectedRecords(outcomes, table);
      if (records.length === 0) continue;
      rejected ??= await startRejected(one, table, spool);
      await rejected.write(records);
    }
    return { report_size: await report.commit(), rejected_size: await rejected?.commit() };
  } catch (error) {
    await Promise.all([report.discard(), rejected?.discard()]);
    throw error;
  }
}

/** The report of a file that was rejected as a whole; gives its size. */
export async function writeRejection(
  one: Import,
  errors: readonly RowError[],
  spool: Pick<Spool, 'createReport'>,
): Promise<number> {
  const report = await spool.createReport(one.file_id, 'report');
  try {
    const cells = ['', '', '', 'rejected', '', '', ...errorCells(errors)];
    await report.write(reportLine(COLUMNS) + reportLine(cells));
    return await report.commit();
  } catch (error) {
    await report.discard();
    throw error;
  }
}

async function startRejected(
  one: Import,
  table: Table,
  spool: Pick<Spool, 'createReport'>,
): Promise<SpoolReport> {
  const rejected = await spool.createReport(one.file_id, 'rejected');
  await rejected.write(await rejectedHeader(table));
  return rejected;
}

function cellsOf(outcome: RowOutcome): string[] {
  const { row, line, idempotency_key } = outcome;
  const cells = [String(row), String(line), idempotency_key, outcome.outcome];
  if (outcome.outcome === 'rejected') return [...cells, '', '', ...errorCells(outcome.errors)];
  return [...cells, outcome.policy_id, outcome.policy_number, '', '', ''];
}

function reportLine(cells: readonly string[]): string {
  return `${cells.map(spreadsheetCell).join(',')}\r\n`;
}
