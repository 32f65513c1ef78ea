// The files of one account as they should be, without a database, a disk or a process: what is at a path, and what
// time and the importer make of it.
import { type Bytes, bytesOf, cutAtGap } from './model-bytes.ts';
import { GRACE, SETTLE } from './site.ts';

const LONGEST_WAIT = 10 * 60_000; // ms: however often a partner looks, an import and a move wait no longer
const TOMBSTONE = 15 * 60_000; // ms for which the old path of a file that has moved is still answered

export type Mode = 'test' | 'live';

export type Writer = { file: ModelFile; readonly reads: boolean; readonly appends: boolean; lost: boolean };

type Import = {
  state: 'incomplete' | 'settling' | 'held' | 'cancelled' | 'processing' | 'over';
  due: number;
  received: number;
  ended: number;
};

export type ModelFile = {
  readonly mode: Mode;
  name: string;
  bytes: Bytes;
  mtime: number;
  complete: boolean;
  /** A write was refused: not to be committed before it is opened anew. */
  failed: boolean;
  removed: boolean;
  touched: number;
  moves: number;
  import: Import | undefined;
  processed: { readonly name: string; visible: number; readonly reports: readonly string[] } | undefined;
  readonly writers: Set<Writer>;
};

/** May change; belongs to its import; is only remembered at its old path; is forgotten there. */
export type FileState = 'open' | 'taken' | 'moved' | 'gone';

export const REPORT = 'report';

export class ModelFiles {
  now: number;
  readonly #files: ModelFile[] = [];

  constructor(now: number) {
    this.now = now;
  }

  stateOf({ import: one, processed }: ModelFile): FileState {
    if (processed && processed.visible <= this.now) {
      return processed.visible + TOMBSTONE > this.now ? 'moved' : 'gone';
    }
    return one?.state === 'processing' || one?.state === 'over' ? 'taken' : 'open';
  }

  /** One that may change comes before one that belongs to its import, and that before one that has moved. */
  find(mode: Mode, name: string): ModelFile | undefined {
    const named = this.#files.filter((file) => file.mode === mode && file.name === name && !file.removed);
    for (const state of ['open', 'taken', 'moved'] as const) {
      const found = named.findLast((file) => this.stateOf(file) === state);
      if (found) return found;
    }
    return undefined;
  }

  namesIn(mode: Mode): string[] {
    const there = this.#files.filter(
      (file) => file.mode === mode && !file.removed && ['open', 'taken'].includes(this.stateOf(file)),
    );
    return [...new Set(there.map(({ name }) => name))].sort();
  }

  /** Files that have moved, by their names there. */
  processed(): ModelFile[] {
    return this.#files
      .filter(({ processed }) => processed && processed.visible <= this.now)
      .sort((a, b) => ((a.processed?.name ?? '') < (b.processed?.name ?? '') ? -1 : 1));
  }

  /** A file that is being written, from now on: the one at the path, or a new one that goes on from those bytes. */
  begin(mode: Mode, name: string, truncate: boolean): ModelFile {
    const there = this.find(mode, name);
    const file = there && this.stateOf(there) === 'open' ? there : this.#add(mode, name, there);
    if (file === there) file.import ??= eligible(name) ? this.#newImport() : undefined;
    else for (const older of this.#files) if (older !== file) this.detachAt(older, mode, name);
    if (file.import) file.import.state = 'incomplete';
    file.complete = false;
    file.failed = false;
    file.mtime = this.now;
    if (truncate) Object.assign(file.bytes, bytesOf(Buffer.alloc(0)));
    return file;
  }

  commit(file: ModelFile): void {
    file.complete = true;
    file.touched = this.now;
    if (eligible(file.name)) {
      file.import ??= this.#newImport();
      Object.assign(file.import, { state: 'settling', due: this.now + SETTLE, received: this.now });
    } else if (file.import) file.import.state = 'cancelled';
  }

  rename(file: ModelFile, to: string, replaced: ModelFile | undefined): void {
    if (replaced) this.remove(replaced);
    for (const other of this.#files) this.detachAt(other, file.mode, to);
    this.detach(file);
    file.name = to;
    this.commit(file);
  }

  remove(file: ModelFile): void {
    file.removed = true;
    if (file.import) file.import.state = 'cancelled';
    this.detach(file);
  }

  /** A handle is gone; with the last one, what is behind a gap. */
  leave(writer: Writer): void {
    const { file } = writer;
    file.writers.delete(writer);
    if (file.writers.size === 0 && !file.complete) cutAtGap(file.bytes);
  }

  /** Handles that are open on it can do no more. */
  detach(file: ModelFile): void {
    for (const writer of file.writers) writer.lost = true;
    file.writers.clear();
  }

  detachAt(file: ModelFile, mode: Mode, name: string): void {
    if (file.mode === mode && file.name === name) this.detach(file);
  }

  /** A further operation on the path: import and move wait. */
  postpone(file: ModelFile): void {
    if (this.stateOf(file) === 'moved') return;
    const { import: one, processed } = file;
    if (one?.state === 'settling') {
      one.due = Math.min(Math.max(one.due, this.now + SETTLE), one.received + LONGEST_WAIT);
    }
    file.moves = Math.max(file.moves, this.now + GRACE);
    if (processed && one) {
      processed.visible = Math.max(processed.visible, Math.min(this.now + GRACE, one.ended + LONGEST_WAIT));
    }
  }

  /** What an importer takes: `taken`, if that is due, as small files are known in the order of their CLOSEs, others in that of their OPENs. */
  claim(taken: { mode: unknown; name: unknown }): ModelFile | undefined {
    const due = this.#files.filter(({ import: one }) => one?.state === 'settling' && one.due <= this.now);
    const file = due.find(({ mode, name }) => mode === taken.mode && name === taken.name) ?? due[0];
    if (file?.import) file.import.state = 'processing';
    return file;
  }

  hold(file: ModelFile): void {
    if (file.import) file.import.state = 'held';
  }

  end(file: ModelFile, rejected: boolean): void {
    if (!file.import) return;
    file.import.state = 'over';
    file.import.ended = this.now;
    const taken = new Set(this.#files.map(({ processed }) => processed?.name));
    const extension = eligible(file.name) ? '.csv' : '';
    const stem = file.name.slice(0, file.name.length - extension.length);
    let name = file.name;
    for (let n = 2; taken.has(name); n++) name = `${stem} (${n})${extension}`;
    const visible = Math.max(this.now, file.touched + GRACE, file.moves);
    file.processed = { name, visible, reports: rejected ? ['report'] : ['rejected', 'report'] };
  }

  #add(mode: Mode, name: string, continues: ModelFile | undefined): ModelFile {
    const file: ModelFile = {
      ...{ mode, name, mtime: this.now, complete: false, failed: false, removed: false },
      ...{ touched: this.now, moves: 0, processed: undefined, writers: new Set<Writer>() },
      bytes: bytesOf(continues?.bytes.content ?? Buffer.alloc(0)),
      import: eligible(name) ? this.#newImport() : undefined,
    };
    this.#files.push(file);
    return file;
  }

  #newImport(): Import {
    return { state: 'incomplete', due: 0, received: this.now, ended: 0 };
  }
}

function eligible(name: string): boolean {
  return name.endsWith('.csv');
}
