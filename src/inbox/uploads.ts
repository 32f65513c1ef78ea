// The files that are being written in this process. Handles of several sessions may be open on one file, for
// instance when a partner reconnects before the server has noticed that the old connection is dead; they share one
// `Upload`. Every CLOSE commits, because what it has answered must hold after a crash too; a handle that writes after
// that opens the file anew. Whatever is not being written is durable. Everything here runs in the turn of its path.
import type { FileId } from '../domain/ids.ts';
import { ok, type Refusal, type Result } from '../domain/refusal.ts';
import type { UploadPath, UploadStore } from '../store/upload-store.ts';
import { isDiskFull } from './disk-error.ts';
import type { DropRefusal } from './drop.ts';
import { Extents } from './extents.ts';
import { eligible } from './names.ts';
import { alreadyExists, diskFull, hasGap, noSuchFile, notStored } from './refusals.ts';
import type { Spool, SpoolUpload } from './spool.ts';
import { lengthOf } from './write-whole.ts';

export type Upload = {
  readonly path: UploadPath;
  readonly file: FileId;
  readonly bytes: SpoolUpload;
  handles: number;
  /** As the store has it: `incomplete`, committed, or no longer what its path means. */
  state: 'writing' | 'committed' | 'gone';
  mtime: number;
  readonly written: Extents;
  /** Bytes that it should have at least, from what the client said since it was opened. */
  expected: number | undefined;
  /** Something could not be written: the file has a hole, and is not committed before it is opened anew. */
  failure: Refusal<DropRefusal> | undefined;
};

/** How a path is opened: made when absent, refused when there, going on from the bytes that are there. */
export type Opening = {
  readonly create: boolean;
  readonly exclusive: boolean;
  readonly keep: boolean;
  /** Bytes that the client says it will write, of a file that begins anew. */
  readonly declared: number | undefined;
};

type Parts = {
  readonly store: UploadStore;
  readonly spool: Spool;
  readonly settle: number;
  readonly clock: () => number;
};

export class Uploads {
  readonly #parts: Parts;
  readonly #open = new Map<string, Upload>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The upload that is open at the path, when it is that of `file`. */
  at(path: UploadPath, file: FileId): Upload | undefined {
    const upload = this.#open.get(pathKey(path));
    return upload?.file === file ? upload : undefined;
  }

  /** Handles are open on a file at the path. */
  has(path: UploadPath): boolean {
    return this.#open.has(pathKey(path));
  }

  /** The path is being written by somebody. */
  isWritten(path: UploadPath): boolean {
    return this.#open.get(pathKey(path))?.state === 'writing';
  }

  /** One more handle on the file at the path; where that one is taken, a new file begins. */
  async begin(path: UploadPath, opening: Opening): Promise<Result<Upload, DropRefusal>> {
    const { create, exclusive, keep, declared } = opening;
    const { store, spool, clock } = this.#parts;
    const now = clock();
    const begun = await store.beginUpload({ ...path, create, exclusive, eligible: eligible(path.name), now });
    if (!begun.ok) return begun.code === 'exists' ? alreadyExists(path.name) : noSuchFile(path.name);
    const { file, fresh, continues } = begun.value;
    let upload: Upload | undefined;
    try {
      if (keep && continues) await spool.copy(continues, file);
      upload = this.at(path, file) ?? (await this.#enter(path, file, await spool.openUpload(file, fresh)));
      upload.handles += 1;
      upload.state = 'writing';
      upload.failure = undefined;
      upload.mtime = now;
      if (!keep) await this.resize(upload, 0, declared ?? 0);
      return ok(upload);
    } catch (error) {
      await (upload ? this.leave(upload) : store.abandonUpload(file, { size: await spool.size(file), now }));
      if (isDiskFull(error)) return diskFull(path.name);
      throw error;
    }
  }

  async #enter(path: UploadPath, file: FileId, bytes: SpoolUpload): Promise<Upload> {
    this.forget(path);
    const state = 'writing';
    const written = new Extents(await bytes.currentSize());
    const nothing = { handles: 0, mtime: 0, expected: undefined, failure: undefined };
    const upload: Upload = { path, file, bytes, state, written, ...nothing };
    this.#open.set(pathKey(path), upload);
    return upload;
  }

  /** Cuts it, or adds a gap at its end. */
  async resize(upload: Upload, size: number, expected = size): Promise<void> {
    await upload.bytes.truncate(size);
    upload.written.cut(size);
    upload.expected = expected;
  }

  /** Does something to the bytes; when that fails, the file cannot be committed any more. */
  async attempt(upload: Upload, work: () => Promise<void>): Promise<Result<undefined, DropRefusal>> {
    try {
      await work();
      return ok(undefined);
    } catch (error) {
      const { name } = upload.path;
      upload.failure = isDiskFull(error) ? diskFull(name) : notStored(name);
      if (isDiskFull(error)) return upload.failure;
      throw error;
    }
  }

  /** The first bytes of a file that was begun for them. */
  async fill(upload: Upload, pieces: readonly Uint8Array[]): Promise<void> {
    try {
      await this.attempt(upload, async () => {
        await upload.bytes.write(0, ...pieces);
        upload.written.add(0, lengthOf(pieces));
      });
    } catch (error) {
      await this.leave(upload);
      throw error;
    }
  }

  /** The time that a client gives it; a later write, of course, has another. */
  async setTime(upload: Upload, mtime: number): Promise<void> {
    upload.mtime = mtime;
    if (upload.state === 'committed') await this.#parts.store.setTimes(upload.file, mtime);
  }

  /** The bytes, then the record: both are durable when this resolves. */
  async commit(upload: Upload): Promise<Result<undefined, DropRefusal>> {
    const { store, clock, settle } = this.#parts;
    const { file, path, bytes, mtime, expected } = upload;
    const size = await bytes.currentSize();
    const gap = upload.written.firstGap(size);
    if (gap) return hasGap(path.name, gap);
    const synced = await this.attempt(upload, () => bytes.sync());
    if (!synced.ok) return synced;
    const now = clock();
    const sizes = { size, expected };
    await store.commitUpload(file, {
      ...sizes,
      mtime,
      eligible: eligible(path.name),
      now,
      due: now + settle,
    });
    upload.state = 'committed';
    return ok(undefined);
  }

  /** One handle less. When the last one leaves a file that is not committed, its bytes are kept for a resume. */
  async leave(upload: Upload): Promise<void> {
    upload.handles -= 1;
    if (upload.handles > 0) return;
    if (this.#open.get(pathKey(upload.path)) === upload) this.#open.delete(pathKey(upload.path));
    try {
      if (upload.state !== 'writing') return;
      await this.#keep(upload);
      await this.#parts.store.setTimes(upload.file, upload.mtime);
    } finally {
      upload.bytes.close().catch(() => {}); // what counts is durable by now, so nobody need wait
    }
  }

  /** Up to its first gap: who resumes goes on from the size that the file has, and would leave the gap as it is. */
  async #keep(upload: Upload): Promise<void> {
    const { file, bytes, failure, written } = upload;
    const end = await bytes.currentSize();
    const gap = written.firstGap(end);
    if (gap) await this.resize(upload, gap.start, Math.max(end, upload.expected ?? 0));
    if (!failure) await bytes.sync();
    const { store, clock } = this.#parts;
    const size = gap?.start ?? end;
    await store.abandonUpload(file, { size, expected: upload.expected, now: clock() });
  }

  /** Keeps what a process that is gone has written. Gaps are no longer known; they read as NUL, and no row that has one is a policy. */
  async recover(file: FileId): Promise<void> {
    const bytes = await this.#parts.spool.openUpload(file);
    try {
      await bytes.sync();
      const { store, clock } = this.#parts;
      await store.abandonUpload(file, { size: await bytes.currentSize(), now: clock() });
    } finally {
      await bytes.close();
    }
  }

  /** The path means another file now, or none: handles that are still open can do no more. */
  forget(path: UploadPath): void {
    const upload = this.#open.get(pathKey(path));
    if (upload) upload.state = 'gone';
    this.#open.delete(pathKey(path));
  }
}

/** One text for a path of an account; a name has no "/". */
export function pathKey({ account, mode, name }: UploadPath): string {
  return `${account}/${mode}/${name}`;
}
