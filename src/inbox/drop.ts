// What `sftp/` may ask of the inbox: one account's folders, files and handles. Nothing here knows of SFTP
// packets, and nothing in `sftp/` knows of CSV.
import type { Result } from '../domain/refusal.ts';

/** Why an operation was refused; `sftp/status.ts` gives each its SFTP status code. */
export type DropRefusal =
  | 'no_such_file'
  | 'not_allowed' // and never will be: the message says what to do instead
  | 'already_exists'
  | 'failed'; // e.g. the disk is full

/** Sizes in bytes, times in ms since 1970. */
export type Attributes = { readonly kind: 'file' | 'folder'; readonly size: number; readonly mtime: number };
export type Listed = Attributes & { readonly name: string };
export type Changes = { readonly size?: number | undefined; readonly mtime?: number | undefined };

/** The bits of SFTP's OPEN for a handle that writes. */
export type WriteFlags = {
  readonly read: boolean;
  readonly create: boolean;
  readonly truncate: boolean;
  readonly exclusive: boolean;
  readonly append: boolean;
  /** The size in bytes that the client says a file will have that it creates. */
  readonly declared?: number | undefined;
};

/** Room for uploads, in blocks of `blockSize` bytes, and how many files and how long a name (bytes) there may be. */
export type Space = {
  readonly blockSize: number;
  readonly blocks: number;
  readonly free: number;
  readonly files: number;
  readonly freeFiles: number;
  readonly longestName: number;
};

/** Paths are absolute and normal: `/`, `/test`, `/test/tickets.csv`. Refusals are returned, our own faults thrown. */
export type Drop = {
  stat(path: string): Promise<Result<Attributes, DropRefusal>>;
  list(path: string): Promise<Result<readonly Listed[], DropRefusal>>;
  openRead(path: string): Promise<Result<ReadHandle, DropRefusal>>;
  openWrite(path: string, flags: WriteFlags): Promise<Result<WriteHandle, DropRefusal>>;
  /** `replace`: posix-rename; otherwise an existing target is refused. */
  rename(from: string, to: string, replace: boolean): Promise<Result<undefined, DropRefusal>>;
  remove(path: string): Promise<Result<undefined, DropRefusal>>;
  change(path: string, changes: Changes): Promise<Result<undefined, DropRefusal>>;
  makeFolder(path: string): Promise<Result<undefined, DropRefusal>>;
  removeFolder(path: string): Promise<Result<undefined, DropRefusal>>;
  space(): Promise<Space>;
};

export type ReadHandle = {
  attributes(): Promise<Attributes>;
  /** Reads from `offset` until all of `into` is full or the file ends; how many bytes these are. */
  read(offset: number, ...into: readonly Buffer[]): Promise<Result<number, DropRefusal>>;
  close(): Promise<void>;
};

export type WriteHandle = {
  attributes(): Promise<Attributes>;
  read(offset: number, ...into: readonly Buffer[]): Promise<Result<number, DropRefusal>>;
  /** Pieces that follow each other. */
  write(offset: number, ...pieces: readonly Uint8Array[]): Promise<Result<undefined, DropRefusal>>;
  change(changes: Changes): Promise<Result<undefined, DropRefusal>>;
  /** The bytes so far are durable. */
  sync(): Promise<Result<undefined, DropRefusal>>;
  /** CLOSE: bytes and record are durable when this resolves; the file is committed. */
  close(): Promise<Result<undefined, DropRefusal>>;
  /** The connection is gone without CLOSE: kept for a resume, never imported. */
  abandon(): Promise<void>;
};
