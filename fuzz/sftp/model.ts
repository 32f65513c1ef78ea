// What every step must be answered with: the rules of an inbox, written down a second time and as simply as possible.
import { OPEN } from '../../src/sftp/protocol/requests.ts';
import { attributes, cutAtGap, hasGap, resize, write } from './model-bytes.ts';
import { type ModelFile, ModelFiles, type Writer } from './model-files.ts';
import { placeOf } from './model-places.ts';
import { ModelView, type Reader, readFrom, type Seen } from './model-view.ts';
import type { Changes, Step } from './steps.ts';

const OK = 0;
const NO_SUCH_FILE = 2;
const DENIED = 3;
const FAILURE = 4;

const MOST = 8 * 1024 ** 3; // bytes of a file

type Handle = { readonly session: number } & ({ readonly reader: Reader } | { readonly writer: Writer });

export class Model {
  readonly #files: ModelFiles;
  readonly #view: ModelView;
  readonly #handles = new Map<string, Handle>();
  readonly #claims: ModelFile[] = [];

  constructor(now: number) {
    this.#files = new ModelFiles(now);
    this.#view = new ModelView(this.#files);
  }

  get now(): number {
    return this.#files.now;
  }

  /** What it must be answered with; of what may be so or so, what was `seen`. */
  apply(step: Step, seen: Seen = OK): Seen {
    switch (step.do) {
      case 'open':
        return this.#open(step);
      case 'close':
        return this.#close(step.handle, this.#handle(step));
      case 'read':
        return this.#read(this.#handle(step), step, seen);
      case 'write':
        return this.#change(this.#writer(step), ({ file, appends }) =>
          write(file.bytes, appends ? file.bytes.content.length : step.offset, step.text),
        );
      case 'fsync':
        return this.#sync(this.#writer(step));
      case 'fstat':
        return fstat(this.#handle(step));
      case 'fsetstat':
        return this.#changeOpen(this.#writer(step), step);
      case 'setstat':
        return this.#changeAt(step.path, step);
      case 'stat':
      case 'lstat':
        return this.#view.stat(step.path);
      case 'get':
        return this.#view.get(step.path);
      case 'list':
        return this.#view.list(step.path);
      case 'remove':
        return this.#remove(step.path);
      case 'rename':
        return this.#rename(step.path, step.to, step.replace);
      case 'mkdir':
        return this.#view.isFolder(step.path) ? FAILURE : DENIED;
      case 'rmdir':
        return this.#view.isFolder(step.path) ? DENIED : NO_SUCH_FILE;
      case 'vanish':
        return this.#vanish(step.session);
      case 'wait':
        this.#files.now += step.ms;
        return OK;
      case 'claim':
        return this.#claim(seen);
      case 'complete':
      case 'reject':
      case 'hold':
        return this.#finish(step.do);
    }
  }

  #open({ session, path, flags, as }: Extract<Step, { do: 'open' }>): Seen {
    const place = placeOf(path);
    if ((flags & (OPEN.write | OPEN.append)) === 0) {
      const found = this.#view.readable(path);
      if (typeof found === 'number') return found;
      this.#handles.set(as, { session, reader: found });
      return { is: 'handle' };
    }
    if (place.at !== 'upload' || place.name.includes('\u0001')) return DENIED;
    const { mode, name } = place;
    const there = this.#files.find(mode, name);
    if (!there && !(flags & OPEN.create)) return NO_SUCH_FILE;
    const exists = there !== undefined && this.#files.stateOf(there) !== 'moved';
    if (exists && flags & OPEN.create && flags & OPEN.exclusive) return FAILURE;
    const file = this.#files.begin(mode, name, (flags & OPEN.truncate) !== 0);
    const writer = {
      file,
      reads: (flags & OPEN.read) !== 0,
      appends: (flags & OPEN.append) !== 0,
      lost: false,
    };
    file.writers.add(writer);
    this.#handles.set(as, { session, writer });
    return { is: 'handle' };
  }

  #close(name: string, handle: Handle | undefined): Seen {
    if (!handle) return FAILURE;
    this.#handles.delete(name);
    if ('reader' in handle) return OK;
    const { writer } = handle;
    if (writer.lost) return NO_SUCH_FILE;
    const { file } = writer;
    const refused = file.failed || hasGap(file.bytes);
    if (!refused && !file.complete) this.#files.commit(file);
    this.#files.leave(writer);
    return refused ? FAILURE : OK;
  }

  #read(handle: Handle | undefined, where: Extract<Step, { do: 'read' }>, seen: Seen): Seen {
    if (!handle) return FAILURE;
    if ('writer' in handle) {
      return handle.writer.reads ? readFrom(handle.writer.file.bytes.content, where) : DENIED;
    }
    const { bytes, before } = handle.reader;
    const then = readFrom(before, where);
    return JSON.stringify(seen) === JSON.stringify(then) ? then : readFrom(bytes.content, where);
  }

  /** Bytes change only through a handle that still stands for its path; a file that is complete is opened anew. */
  #change(writer: Writer | undefined, work: (writer: Writer) => boolean): Seen {
    if (!writer) return FAILURE;
    if (writer.lost) return NO_SUCH_FILE;
    if (writer.file.complete) {
      const { mode, name } = writer.file;
      if (!this.#files.find(mode, name)) return NO_SUCH_FILE;
      writer.file.writers.delete(writer);
      writer.file = this.#files.begin(mode, name, false);
      writer.file.writers.add(writer);
    }
    const { file } = writer;
    if (!file.failed) file.failed = !work(writer);
    if (file.failed) return FAILURE;
    file.mtime = this.now;
    return OK;
  }

  #changeOpen(writer: Writer | undefined, { size, mtime }: Changes): Seen {
    if (!writer) return FAILURE;
    if (size !== undefined) {
      const cut = this.#change(writer, ({ file }) => resize(file.bytes, size));
      if (cut !== OK) return cut;
    }
    if (mtime !== undefined && !writer.lost) writer.file.mtime = mtime;
    return OK;
  }

  #sync(writer: Writer | undefined): Seen {
    if (!writer) return FAILURE;
    if (writer.lost) return NO_SUCH_FILE;
    return writer.file.failed ? FAILURE : OK;
  }

  #changeAt(path: string, { size, mtime }: Changes): Seen {
    const place = placeOf(path);
    if (place.at === 'root' || place.at === 'folder') return OK;
    const file = this.#view.find(path);
    if (!file && !this.#view.kept(place)) return NO_SUCH_FILE;
    if (size === undefined && mtime === undefined) return OK;
    if (!file) return DENIED;
    if (size !== undefined && size !== file.bytes.content.length) {
      if (this.#files.stateOf(file) !== 'open') return DENIED;
      if (size > MOST || (size > file.bytes.content.length && file.writers.size === 0)) return FAILURE;
      const { bytes, writers } = this.#files.begin(file.mode, file.name, false);
      resize(bytes, size);
      if (writers.size === 0) cutAtGap(bytes);
    }
    if (mtime !== undefined) file.mtime = mtime;
    this.#files.postpone(file);
    return OK;
  }

  #remove(path: string): Seen {
    const place = placeOf(path);
    if (place.at === 'root' || place.at === 'folder') return DENIED;
    if (place.at === 'kept') return this.#view.kept(place) ? DENIED : NO_SUCH_FILE;
    const file = this.#view.find(path);
    const state = file && this.#files.stateOf(file);
    if (!file || state === 'moved') return NO_SUCH_FILE;
    if (state === 'taken') return DENIED;
    this.#files.remove(file);
    return OK;
  }

  #rename(from: string, to: string, replace: boolean): Seen {
    const [source, target] = [placeOf(from), placeOf(to)];
    if (source.at === 'nowhere') return NO_SUCH_FILE;
    if (source.at !== 'upload' || target.at !== 'upload' || source.mode !== target.mode) return DENIED;
    const file = this.#view.find(from);
    if (from === to) {
      if (file) this.#files.postpone(file);
      return file ? OK : NO_SUCH_FILE;
    }
    if (target.name.includes('\u0001')) return DENIED;
    const there = this.#view.find(to);
    if (file && !file.complete && file.writers.size > 0) return DENIED;
    const state = file && this.#files.stateOf(file);
    if (!file || state === 'moved') return NO_SUCH_FILE;
    if (state === 'taken') return DENIED;
    const open = there && this.#files.stateOf(there) === 'open';
    if (open && !replace) return FAILURE;
    this.#files.rename(file, target.name, open ? there : undefined);
    return OK;
  }

  #vanish(session: number): Seen {
    for (const [name, handle] of this.#handles) {
      if (handle.session !== session) continue;
      this.#handles.delete(name);
      if ('writer' in handle && !handle.writer.lost) this.#files.leave(handle.writer);
    }
    return OK;
  }

  #claim(seen: Seen): Seen {
    const { mode, name } = typeof seen === 'number' ? {} : seen;
    const file = this.#files.claim({ mode, name });
    if (!file) return OK;
    this.#claims.push(file);
    return { mode: file.mode, name: file.name, text: file.bytes.content.toString('latin1') };
  }

  #finish(how: 'complete' | 'reject' | 'hold'): Seen {
    const file = this.#claims.shift();
    if (!file) return OK;
    if (how === 'hold') this.#files.hold(file);
    else this.#files.end(file, how === 'reject');
    return OK;
  }

  #handle({ session, handle }: { session: number; handle: string }): Handle | undefined {
    const one = this.#handles.get(handle);
    return one?.session === session ? one : undefined;
  }

  #writer(step: { session: number; handle: string }): Writer | undefined {
    const handle = this.#handle(step);
    return handle && 'writer' in handle ? handle.writer : undefined;
  }
}

function fstat(handle: Handle | undefined): Seen {
  if (!handle) return FAILURE;
  if ('reader' in handle) return { is: 'attributes', size: handle.reader.size, mtime: handle.reader.mtime };
  const { file, lost } = handle.writer;
  const { size, mtime } = attributes(file);
  return lost ? { is: 'attributes', size } : { is: 'attributes', size, mtime };
}
