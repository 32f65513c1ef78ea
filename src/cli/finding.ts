import { styleText } from 'node:util';
import type { ImportCounts, RejectedOutcome, RowError, RowOutcome } from '../domain/import.ts';
import type { Checked } from '../import/check-file.ts';
import { printable, printLines, tableLines } from './output.ts';
import { rejectedRecord } from './records.ts';

const DELIMITERS: Readonly<Record<string, string>> = {
  ',': 'commas',
  ';': 'semicolons',
  '\t': 'tabs',
  '|': 'bars',
};
const ENCODINGS: Readonly<Record<string, string>> = { 'utf-8': 'UTF-8', 'windows-1252': 'Windows-1252' };
const NARROWEST_MESSAGE = 40;

/** What a check has found so far: counts, and the first rejected rows. */
export class Tally {
  counts: ImportCounts = { rows: 0, created: 0, duplicates: 0, rejected: 0 };
  readonly codes = new Map<string, number>();
  readonly shown: RejectedOutcome[] = [];
  private readonly limit: number;
  private readonly json: boolean;

  constructor(limit: number, json: boolean) {
    this.limit = limit;
    this.json = json;
  }

  add(outcomes: readonly RowOutcome[]): void {
    let { rows, created, duplicates, rejected } = this.counts;
    for (const outcome of outcomes) {
      rows++;
      if (outcome.outcome === 'created') created++;
      if (outcome.outcome === 'duplicate') duplicates++;
      if (outcome.outcome === 'rejected') {
        rejected++;
        this.addRejected(outcome);
      }
    }
    this.counts = { rows, created, duplicates, rejected };
  }

  private addRejected(outcome: RejectedOutcome): void {
    for (const { code } of outcome.errors) this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
    if (this.shown.length >= this.limit) return;
    this.shown.push(outcome);
    if (this.json) printLines([JSON.stringify(rejectedRecord(outcome))]);
  }
}

/** Says what was found: with `json` one document, after those of the rejected rows. */
export function printFinding(found: Checked, tally: Tally, file: string, json: boolean): void {
  printLines(json ? [JSON.stringify(record(found, tally, file))] : lines(found, tally, file));
}

function lines(found: Checked, tally: Tally, file: string): string[] {
  switch (found.kind) {
    case 'held':
      return [`‖ ${printable(file)} would be held: ${printable(found.problem)}`];
    case 'rejected':
      return [
        `✗ ${printable(file)} would be rejected as a whole:`,
        ...found.errors.map((error) => `  ${printable(error.message)} (${error.code})`),
      ];
    case 'table':
      return [...headLines(found, tally, file), ...problemLines(tally), ...sumLines(tally)];
  }
}

function record(found: Checked, { counts, codes }: Tally, file: string) {
  switch (found.kind) {
    case 'held':
      return { file, state: 'held', problem: found.problem, ...counts };
    case 'rejected':
      return { file, state: 'rejected', errors: found.errors, ...counts };
    case 'table': {
      const { dialect, form, columns } = found;
      const state = counts.rejected === 0 ? 'good' : 'bad';
      return { file, state, ...counts, codes: Object.fromEntries(codes), columns, form, ...dialect };
    }
  }
}

type Table = Extract<Checked, { kind: 'table' }>;

function headLines({ dialect, form, columns }: Table, { counts }: Tally, file: string): string[] {
  const written = {
    workbook: 'Excel workbook',
    'utf-16le': `UTF-16, cells between ${DELIMITERS[dialect.delimiter]}`,
    'utf-16be': `UTF-16, cells between ${DELIMITERS[dialect.delimiter]}`,
    text: `${ENCODINGS[dialect.encoding]}, cells between ${DELIMITERS[dialect.delimiter]}`,
  };
  return [
    `${styleText('bold', printable(file))}  ${written[form]}, ${count(columns, 'column')}, ${count(counts.rows, 'row')}`,
  ];
}

function problemLines({ shown, counts }: Tally): string[] {
  if (shown.length === 0) return [];
  const rows = shown.flatMap(({ row, line, errors }) =>
    errors.map((error) => ({ row, line, code: error.code, 'what is wrong': shortened(error) })),
  );
  const hidden = counts.rejected - shown.length;
  const more =
    hidden === 0 ? [] : [`  … and ${count(hidden, 'more row')}: --limit N shows more, --report FILE all`];
  return ['', ...tableLines(rows).map((line) => `  ${line}`), ...more];
}

/** A message in what a line of the terminal has left for it; in a pipe all of it. */
function shortened({ message }: RowError): string {
  const room = Math.max(NARROWEST_MESSAGE, (process.stdout.columns ?? Number.POSITIVE_INFINITY) - 44);
  return message.length <= room ? message : `${message.slice(0, room - 1)}…`;
}

function sumLines({ counts, codes }: Tally): string[] {
  const { created, duplicates, rejected } = counts;
  const sorted = [...codes].sort(([, a], [, b]) => b - a);
  const reasons = sorted.map(([code, times]) => `${code} ${times.toLocaleString('en')}×`);
  return [
    '',
    `${rejected > 0 ? '✗' : '✓'} ${created.toLocaleString('en')} would become policies, ${duplicates.toLocaleString('en')} would be duplicates, ${rejected.toLocaleString('en')} would be rejected`,
    ...(reasons.length === 0 ? [] : [`  ${reasons.join(', ')}`]),
    '  Nothing was stored.',
  ];
}

function count(n: number, what: string): string {
  return `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`;
}
