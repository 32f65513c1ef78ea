// What the system keeps, as one interface: each method is one transaction (or one read), so that it can be
// kept in SQLite as well as in PostgreSQL. Instants are milliseconds since 1970 and come from the caller.
import type { Account, SshKey } from '../domain/account.ts';
import type { Endpoint, Event, EventType } from '../domain/event.ts';
import type { AccountId, DeliveryId, EndpointId, FileId, ImportId, PolicyId } from '../domain/ids.ts';
import type { Import, ImportCounts, ImportState, RowError, RowOutcome } from '../domain/import.ts';
import type { Mode } from '../domain/mode.ts';
import type { Premium } from '../domain/money.ts';
import type { Policy } from '../domain/policy.ts';
import type { PublishedProduct } from '../domain/published-product.ts';
import type { Result } from '../domain/refusal.ts';
import type { Entry, Folder } from '../domain/upload.ts';

export type Store = AccountStore &
  UploadStore &
  ImportStore &
  PolicyStore &
  ProductStore &
  DeliveryStore & {
    /** Answers when the database does; throws when it does not. */
    ping(): Promise<void>;
    /** Commits nothing more, closes every connection and ends the store's threads. */
    close(): Promise<void>;
  };

export type AccountStore = {
  /** Refuses a name that is taken. */
  addAccount(account: {
    name: string;
    modes: readonly Mode[];
    integrations: readonly string[];
    keys: readonly Omit<SshKey, 'created_at'>[];
    now: number;
  }): Promise<Result<Account, 'account_exists'>>;
  account(name: string): Promise<Account | undefined>;
  accounts(limit: number): Promise<Account[]>;
  setAccountDisabled(id: AccountId, disabled: boolean): Promise<void>;
  /** Adding a key that the account already has changes nothing. */
  addKey(id: AccountId, key: Omit<SshKey, 'created_at'>, now: number): Promise<void>;
  keys(id: AccountId): Promise<SshKey[]>;
  /** False when the account has no such key. */
  removeKey(id: AccountId, fingerprint: string): Promise<boolean>;
};

/** A path of an account's inbox. */
export type UploadPath = { readonly account: AccountId; readonly mode: Mode; readonly name: string };

/**
 * What happens to a file after CLOSE or RENAME: `eligible` names become an import that is due at `due`, and
 * others are only kept. `grace` ms after the last operation a processed file leaves its folder.
 */
export type Commit = { readonly eligible: boolean; readonly now: number; readonly due: number };

export type UploadStore = {
  /** Whether `imports_processed` and `imports_reports` are there for this account. */
  hasProcessedFiles(account: AccountId, now: number): Promise<boolean>;
  /** The listed names of a folder (no tombstones), newest state, ordered by name. */
  listFolder(account: AccountId, folder: Folder, now: number): Promise<Entry[]>;
  /** The entry behind a name, tombstones of the last 15 minutes included. */
  findEntry(account: AccountId, folder: Folder, name: string, now: number): Promise<Entry | undefined>;
  /**
   * Opens a path for writing: the open file there, now `incomplete`, or a new one. Where the path belongs to a
   * running or finished import, a new file begins, and `continues` names the one whose bytes a writer that
   * does not truncate goes on from. Refuses `absent` without `create`, `exists` with `exclusive`. With an `eligible` name
   * the upload shows as an `incomplete` import.
   */
  beginUpload(
    path: UploadPath & { create: boolean; exclusive: boolean; eligible: boolean; now: number },
  ): Promise<Result<{ file: FileId; fresh: boolean; continues?: FileId }, 'absent' | 'exists'>>;
  /** CLOSE: records size and mtime; with an eligible name the import is `settling` until `due`. */
  commitUpload(file: FileId, upload: Commit & { size: number; mtime: number }): Promise<void>;
  /** A write handle was lost without CLOSE: `size` bytes are kept for a resume. */
  abandonUpload(file: FileId, size: number): Promise<void>;
  /** A further operation on the path: an import that has not begun, or a move that is not yet seen, waits until `due`. */
  touch(file: FileId, until: { due: number; moves: number }): Promise<void>;
  setTimes(file: FileId, mtime: number): Promise<void>;
  /** Renames a file that is not taken yet. `replace` takes the place of an open file of that name. Renaming counts as a commit. */
  renameUpload(
    from: UploadPath,
    to: string,
    commit: Commit & { replace: boolean },
  ): Promise<Result<{ replaced?: FileId; import?: ImportId }, 'absent' | 'exists' | 'taken'>>;
  /** Removes a file that is not taken yet; its import is `cancelled`. */
  removeUpload(path: UploadPath, now: number): Promise<Result<FileId, 'absent' | 'taken'>>;
  /** At start: every upload still marked as being written was lost with the process. Gives their ids and account, for their sizes. */
  openUploads(): Promise<FileId[]>;
};

/** An import that this worker may process until `lease_until`; `epoch` proves it at every commit. */
export type Claim = {
  readonly import: Import;
  readonly account: Account;
  readonly epoch: number;
  readonly checkpoint: Checkpoint;
  /** An operator or an earlier run has decided that this file is complete. */
  readonly released: boolean;
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

/** A row that may become a policy; the store decides between created, duplicate and conflict. */
export type PurchaseRow = {
  readonly kind: 'purchase';
  readonly row: number;
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly key: string;
  readonly shape: number; // index into the chunk's shapes
  readonly values: string; // JSON array of the leaves, null where absent, in the order of the shape's paths
  readonly hash: string; // 32 hex digits: the purchase's content (`purchase/content.ts`)
  readonly premium: Premium;
  readonly start_day: number; // days since 1970
  readonly end_day: number;
};

export type RejectedRow = {
  readonly kind: 'rejected';
  readonly row: number;
  readonly line: number;
  readonly offset: number;
  readonly length: number;
  readonly key: string;
  readonly integration_id: string;
  readonly errors: readonly RowError[];
};

export type Chunk = {
  readonly import: ImportId;
  readonly epoch: number;
  readonly rows: readonly (PurchaseRow | RejectedRow)[];
  readonly shapes: readonly Shape[];
  readonly checkpoint: Checkpoint; // after this chunk
  readonly now: number;
};

export type ImportStore = {
  /** The oldest import that is due, for `lease` ms; also one whose worker let its lease run out. */
  claimImport(lease: number, now: number): Promise<Claim | undefined>;
  /** False when the claim is lost. */
  renewLease(id: ImportId, epoch: number, lease: number, now: number): Promise<boolean>;
  /** Records what was found before the first row: the bytes' SHA-256. */
  beginImport(id: ImportId, epoch: number, sha256: string): Promise<Result<undefined, 'fenced'>>;
  /**
   * Decides every row of a chunk: policies, outcomes, events with their deliveries, counts and checkpoint in one
   * transaction. Equal key and content is a duplicate, equal key and other content is rejected with
   * `idempotency_conflict`, also inside one chunk.
   */
  commitChunk(chunk: Chunk): Promise<Result<ImportCounts, 'fenced'>>;
  /** Ends an import; the file moves in the same transaction, seen from `grace` ms after its last operation on. */
  completeImport(end: ImportEnd): Promise<Result<undefined, 'fenced'>>;
  /** The file as a whole cannot be imported; nothing of it was. */
  rejectImport(end: ImportEnd & { errors: readonly RowError[] }): Promise<Result<undefined, 'fenced'>>;
  /** Cut off: waits for the partner to complete it or the operator to release it. */
  holdImport(id: ImportId, epoch: number, problem: string): Promise<Result<undefined, 'fenced'>>;
  /** Our fault: gives the claim back, to be tried again at `retry_at`. */
  failImport(
    id: ImportId,
    epoch: number,
    problem: string,
    retry_at: number,
  ): Promise<Result<undefined, 'fenced'>>;
  /** Operator: import a held file as it is. */
  releaseImport(id: ImportId): Promise<Result<undefined, 'absent' | 'wrong_state'>>;
  /** Operator: an import that has not begun never will; the file stays. */
  cancelImport(id: ImportId): Promise<Result<undefined, 'absent' | 'wrong_state'>>;
  /** At start, when this process is known to be the only one: claims of dead workers end now. */
  dropClaims(): Promise<void>;
  import(id: ImportId, now: number): Promise<Import | undefined>;
  /** Newest first. */
  imports(filter: { state?: ImportState; limit: number; now: number }): Promise<Import[]>;
  /** The decided rows of chunk number `chunk` (from 0) in order; undefined after the last. */
  outcomes(id: ImportId, chunk: number, only?: 'rejected'): Promise<RowOutcome[] | undefined>;
};

export type ImportEnd = {
  readonly import: ImportId;
  readonly epoch: number;
  readonly report_size: number;
  readonly rejected_size: number | undefined; // undefined: there is no such file
  readonly grace: number;
  readonly now: number;
};

export type PolicyStore = {
  policy(id: PolicyId): Promise<Policy | undefined>;
  /** Newest first; `before` continues a list after the policy it names. */
  policies(filter: {
    account?: AccountId;
    import?: ImportId;
    before?: PolicyId;
    limit: number;
  }): Promise<Policy[]>;
};

export type ProductStore = {
  /** A definition that differs from the newest of its product becomes the next version. */
  publishProduct(product: {
    product_id: string;
    definition: string;
    currency: string;
    policy_number: string; // pattern with `{number}`
    now: number;
  }): Promise<PublishedProduct>;
  /** The newest version of every product. */
  products(): Promise<PublishedProduct[]>;
};

/** One event for one endpoint, claimed until `lease` runs out; `attempt` counts from 1. */
export type Delivery = {
  readonly id: DeliveryId;
  readonly endpoint: Endpoint;
  readonly event: Event;
  readonly attempt: number;
};

export type DeliveryOutcome = {
  readonly id: DeliveryId;
  readonly attempt: number;
  readonly status: number | undefined; // HTTP status, when there was an answer
  readonly problem: string | undefined; // undefined: delivered
  readonly retry_at: number | undefined; // undefined with a problem: given up
  readonly now: number;
};

export type DeliveryStore = {
  addEndpoint(endpoint: {
    account: AccountId;
    url: string;
    events: readonly EventType[];
    modes: readonly Mode[];
    secret: string;
    now: number;
  }): Promise<Endpoint>;
  endpoints(account: AccountId): Promise<Endpoint[]>;
  /** Pending deliveries to it end as given up. False when the account has no such endpoint. */
  removeEndpoint(account: AccountId, id: EndpointId, now: number): Promise<boolean>;
  /** Deliveries that are due, at most `perEndpoint` in flight for each, oldest first. */
  claimDeliveries(claim: { perEndpoint: number; lease: number; now: number }): Promise<Delivery[]>;
  /** Outcomes of attempts, in one transaction. */
  recordAttempts(outcomes: readonly DeliveryOutcome[]): Promise<void>;
};
