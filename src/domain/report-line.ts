import { spreadsheetCell } from './csv-cell.ts';
import type { RowError, RowOutcome } from './import.ts';

/** The first line of `NAME.report.csv`. */
export const REPORT_HEADER =
  'row,line,idempotency_key,outcome,policy_id,policy_number,code,column,message\r\n';

/** What became of one row, as the report says it. */
export function reportLine(outcome: RowOutcome): string {
  const what = `${outcome.row},${outcome.line},${spreadsheetCell(outcome.idempotency_key)},${outcome.outcome}`;
  if (outcome.outcome === 'rejected') return `${what},,,${reasons(outcome.errors)}\r\n`;
  return `${what},${outcome.policy_id},${spreadsheetCell(outcome.policy_number)},,,\r\n`;
}

/** The only line of the report of a file that was rejected as a whole. */
export function rejectionLine(errors: readonly RowError[]): string {
  return `,,,rejected,,,${reasons(errors)}\r\n`;
}

/** Code, column and message of all errors, each as one cell. */
export function errorCells(errors: readonly RowError[]): [code: string, column: string, message: string] {
  const all = (part: 'code' | 'column' | 'message') => errors.map((error) => error[part]).join('; ');
  return [all('code'), all('column'), all('message')];
}

function reasons(errors: readonly RowError[]): string {
  return errorCells(errors).map(spreadsheetCell).join(',');
}
