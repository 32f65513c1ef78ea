import type { FileId } from '../domain/ids.ts';
import type { Entry } from '../domain/upload.ts';

/** Where uploaded bytes and reports live; a local directory here, later also a bucket. */
export type Spool = {
  /** For reading; throws when the bytes are not there. */
  open(file: FileId, content: Entry['content']): Promise<SpoolReader>;
  /** A new or existing upload, for writing; durable from `sync()` on. */
  openUpload(file: FileId): Promise<SpoolUpload>;
  /** Makes `to` begin with the bytes of `from`. */
  copy(from: FileId, to: FileId): Promise<void>;
  /** Takes a whole local file in, durable when this resolves; gives its size. */
  take(file: FileId, localPath: string): Promise<number>;
  /** A report, invisible until `commit()`, which makes it durable and gives its size; replaces an older one. */
  createReport(file: FileId, content: 'report' | 'rejected'): Promise<SpoolReport>;
  remove(file: FileId): Promise<void>;
  size(file: FileId): Promise<number>;
};

export type SpoolReader = {
  readonly size: number;
  /** Up to `length` bytes at `offset`; empty at the end. */
  read(offset: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
};

export type SpoolUpload = SpoolReader & {
  write(offset: number, bytes: Uint8Array): Promise<void>;
  append(bytes: Uint8Array): Promise<void>;
  truncate(size: number): Promise<void>;
  currentSize(): Promise<number>;
  sync(): Promise<void>;
};

export type SpoolReport = {
  write(bytes: Uint8Array | string): Promise<void>;
  commit(): Promise<number>;
  discard(): Promise<void>;
};

export declare function localSpool(directory: string): Promise<Spool>;
