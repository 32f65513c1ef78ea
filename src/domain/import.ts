import type { FileId, ImportId, PolicyId } from './ids.ts';
import type { Mode } from './mode.ts';

/** The states of an import, in the order in which they come. */
export const IMPORT_STATES = [
  'incomplete', // being uploaded, or the connection was lost before CLOSE
  'settling', // closed; waiting for the quiet period
  'held', // cut off in the middle of the last record, or by an operator
  'queued',
  'processing',
  'completed',
  'rejected', // the file as a whole
  'cancelled',
] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

export type ImportCounts = {
  readonly rows: number; // = created + duplicates + rejected
  readonly created: number;
  readonly duplicates: number;
  readonly rejected: number;
};

/** The processing of one file, as the CLI and the events show it. */
export type Import = ImportCounts & {
  readonly id: ImportId;
  readonly file_id: FileId;
  readonly account: string;
  readonly mode: Mode;
  readonly file: string;
  readonly size: number;
  readonly sha256: string | undefined;
  readonly state: ImportState;
  readonly bytes_read: number; // how far the import has come, of `bytes`
  readonly bytes: number; // of the text in the file: its size, unless it is compressed or a workbook
  readonly run: Run | undefined; // while it is processing
  readonly problem: string | undefined; // why it is held, rejected or cancelled, or what it waits for
  readonly received_at: number;
  readonly started_at: number | undefined;
  readonly completed_at: number | undefined;
};

/** Where the present run began, and when: its rate is that of what came since. */
export type Run = { readonly rows: number; readonly bytes_read: number; readonly at: number };

/** What became of one data row. `row` counts data records from 1, `line` is the physical line in the file. */
export type RowOutcome = {
  readonly row: number;
  readonly line: number;
  readonly idempotency_key: string;
} & (
  | {
      readonly outcome: 'created' | 'duplicate';
      readonly policy_id: PolicyId;
      readonly policy_number: string;
    }
  | {
      readonly outcome: 'rejected';
      readonly integration_id: string;
      readonly errors: readonly RowError[];
      readonly bytes: { readonly offset: number; readonly length: number }; // the record in the file
    }
);

export type RejectedOutcome = Extract<RowOutcome, { outcome: 'rejected' }>;

/** One reason why a row, or a whole file, could not be taken; `code` is one of `rejection-codes.ts`. */
export type RowError = {
  readonly code: string;
  readonly column: string; // '' when the row as a whole is meant
  readonly value: string;
  readonly message: string;
};
