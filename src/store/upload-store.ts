import type { AccountId, FileId, ImportId } from '../domain/ids.ts';
import type { Mode } from '../domain/mode.ts';
import type { Result } from '../domain/refusal.ts';
import type { Entry, Folder } from '../domain/upload.ts';

/** A path of an account's inbox. */
export type UploadPath = { readonly account: AccountId; readonly mode: Mode; readonly name: string };

/**
 * What happens to a file after CLOSE or RENAME: `eligible` names become an import that is due at `due`, and
 * others are only kept. `grace` ms after the last operation a processed file leaves its folder.
 */
export type Commit = { readonly eligible: boolean; readonly now: number; readonly due: number };

/** In bytes: how many there are, and how many there should be at least; undefined where what was known stays. */
export type Sizes = { readonly size: number; readonly expected?: number | undefined };

export type Expired = {
  readonly file: FileId;
  readonly account: string;
  readonly mode: Mode;
  readonly name: string;
  readonly size: number;
};

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
  /** CLOSE: records sizes and mtime; with an eligible name the import is `settling` until `due`. */
  commitUpload(file: FileId, upload: Commit & Sizes & { mtime: number }): Promise<void>;
  /**
   * A small file from OPEN to CLOSE in one: record and bytes are durable when this resolves. Refuses `exists` where a file is
   * at the path that may still change.
   */
  putUpload(
    upload: UploadPath & Commit & { bytes: Uint8Array; expected: number; mtime: number },
  ): Promise<Result<undefined, 'exists'>>;
  /** The bytes of a file that `putUpload` took in; undefined of any other, whose bytes are in the spool. */
  fileBytes(file: FileId): Promise<Uint8Array | undefined>;
  /** The spool has the bytes now. */
  dropFileBytes(file: FileId): Promise<void>;
  /** A write handle was lost without CLOSE: the bytes are kept for a resume. */
  abandonUpload(file: FileId, upload: Sizes & { now: number }): Promise<void>;
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
  /** Removes files that nobody touched since `before` and that will never be imported as they are: not completed, or under another name. */
  expireUploads(before: number, now: number): Promise<Expired[]>;
  /** At start: every upload still marked as being written was lost with the process. Gives their ids and account, for their sizes. */
  openUploads(): Promise<FileId[]>;
};
