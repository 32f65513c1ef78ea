import type { Account } from '../domain/account.ts';
import type { AccountId, ImportId } from '../domain/ids.ts';
import type {
  Import,
  ImportCounts,
  ImportState,
  RejectedOutcome,
  RowError,
  RowOutcome,
} from '../domain/import.ts';
import type { Mode } from '../domain/mode.ts';
import type { Result } from '../domain/refusal.ts';
import type { Verdict } from '../domain/rejection-codes.ts';
import type { ChunkRows } from './chunk-rows.ts';

/** An import that this worker may process until `lease_until`; `epoch` proves it at every commit. */
export type Claim = {
  readonly import: Import;
  readonly account: Account;
  readonly epoch: number;
  readonly checkpoint: Checkpoint;
  /** An operator or an earlier run has decided that this file is complete. */
  readonly released: boolean;
  readonly verdict: Verdict | undefined;
  /** The file should have at least so many bytes. */
  readonly expected: number;
  /** With what was on sale then it has begun; undefined when it has not. */
  readonly edition: number | undefined;
};

/** Where an import goes on: the number of rows decided so far, and where the next record begins. */
export type Checkpoint = { readonly rows: number; readonly offset: number; readonly line: number };

/** What many rows of a chunk have in common; `paths` are the leaves of a purchase in a fixed order. */
export type Shape = {
  readonly integration_id: string;
  readonly product_id: string;
  readonly product_version: number;
  readonly paths: readonly string[];
};

export type Chunk = {
  readonly import: ImportId;
  readonly epoch: number;
  readonly rows: ChunkRows;
  readonly shapes: readonly Shape[];
  readonly checkpoint: Checkpoint; // after this chunk
  readonly now: number;
};

/**
 * Of a file: its bytes' SHA-256, the bytes of the text in it, the edition of the products that its rows buy, and what it waits for
 * when rows are not imported at once.
 */
export type Found = {
  readonly sha256: string;
  readonly bytes: number;
  readonly edition?: number;
  readonly note?: string;
};

type Operated = Result<undefined, 'absent' | 'wrong_state'>;

export type ImportStore = {
  /**
   * An import that is due, for `lease` ms; also one whose worker let its lease run out. The account with the fewest running ones
   * comes first, then the oldest; `largest` limits the file's size. Of an account that rejects whole files one runs at a time.
   */
  claimImport(lease: number, now: number, largest?: number): Promise<Claim | undefined>;
  /** False when the claim is lost. */
  renewLease(id: ImportId, epoch: number, lease: number, now: number): Promise<boolean>;
  /** Records what was found before the first row. The edition stays what it was when the import began. */
  beginImport(id: ImportId, epoch: number, found: Found): Promise<Result<undefined, 'fenced'>>;
  /** From now on no row of this import becomes a policy: a new one is rejected with `verdict`. */
  refuseRest(id: ImportId, epoch: number, verdict: Verdict): Promise<Result<undefined, 'fenced'>>;
  /**
   * Decides every row of a chunk: policies, outcomes, events with their deliveries, counts and checkpoint in one
   * transaction. Equal key and content is a duplicate, equal key and other content is rejected with
   * `idempotency_conflict`, also inside one chunk. The report is that of this chunk.
   */
  commitChunk(chunk: Chunk): Promise<Result<ImportCounts & { readonly report: ChunkReport }, 'fenced'>>;
  /**
   * A completed import of the same bytes by the same account in the same mode, every row of which has a policy: then every row of this one is
   * a duplicate.
   */
  sameImport(id: ImportId, sha256: string): Promise<ImportId | undefined>;
  /** Decides the next rows as duplicates of those of such an import, as many as a chunk of it had; undefined after the last. */
  repeatChunk(
    id: ImportId,
    epoch: number,
    same: ImportId,
  ): Promise<Result<ImportCounts | undefined, 'fenced'>>;
  /**
   * Ends an import whose rows are all decided, in the state that its verdict says; the file moves in the same transaction, seen
   * from `grace` ms after its last operation on.
   */
  completeImport(end: ImportEnd): Promise<Result<undefined, 'fenced'>>;
  /** The file as a whole cannot be imported; nothing of it was. */
  rejectImport(end: ImportEnd & { errors: readonly RowError[] }): Promise<Result<undefined, 'fenced'>>;
  /** Cut off: waits for the partner to complete it or the operator to release it. */
  holdImport(id: ImportId, epoch: number, problem: string, now: number): Promise<Result<undefined, 'fenced'>>;
  /** Our fault: gives the claim back, to be tried again at `retry_at`. */
  failImport(
    id: ImportId,
    epoch: number,
    problem: string,
    retry_at: number,
  ): Promise<Result<undefined, 'fenced'>>;
  /** Operator: neither begins nor goes on until it is released; what is decided stays so. */
  pauseImport(id: ImportId, now: number): Promise<Operated>;
  /** Operator: import a held file as it is. */
  releaseImport(id: ImportId): Promise<Operated>;
  /** Operator: an import that has not begun never will, and the file stays; of one that has, the other rows are rejected. */
  cancelImport(id: ImportId): Promise<Operated>;
  /** Operator: imports the file of an ended import again; gives the import that will. */
  rerunImport(id: ImportId, now: number): Promise<Result<ImportId, 'absent' | 'wrong_state'>>;
  /** At start, when this process is known to be the only one: claims of dead workers end now. */
  dropClaims(): Promise<void>;
  /**
   * What `commitChunk` would decide, chunk after chunk of one trial; nothing is stored. What would be created, and a duplicate of such a
   * row, has no policy: its id and number are empty.
   */
  tryChunk(chunk: TriedChunk): Promise<RowOutcome[]>;
  endTrial(trial: string): Promise<void>;
  import(id: ImportId, now: number): Promise<Import | undefined>;
  /** Newest first. */
  imports(filter: { state?: ImportState; limit: number; now: number }): Promise<Import[]>;
  /** The decided rows of chunk number `chunk` (from 0) in order; undefined after the last. */
  outcomes(id: ImportId, chunk: number, only?: 'rejected'): Promise<RowOutcome[] | undefined>;
  /** The same as the report shows it. */
  reportChunk(id: ImportId, chunk: number): Promise<ChunkReport | undefined>;
};

/** A file whose import is only tried; without an account, no policies are looked for. */
export type TriedFile = {
  readonly account: AccountId | undefined;
  readonly mode: Mode;
  readonly name: string;
};

export type TriedChunk = {
  readonly trial: string;
  readonly file: TriedFile;
  readonly rows: ChunkRows;
  readonly shapes: readonly Shape[];
};

/** Lines of `NAME.report.csv`: as bytes they cross from thread to thread at a fraction of what objects cost. */
export type ChunkReport = { readonly lines: Uint8Array; readonly rejected: readonly RejectedOutcome[] };

export type ImportEnd = {
  readonly import: ImportId;
  readonly epoch: number;
  readonly report_size: number;
  readonly rejected_size: number | undefined; // undefined: there is no such file
  readonly grace: number;
  readonly now: number;
};
