import type { FileId } from './ids.ts';
import type { Mode } from './mode.ts';

/** What a partner sees at the root of an account. */
export type Folder = Mode | 'imports_processed' | 'imports_reports';

/**
 * A name in a folder. `content` says which bytes stand behind it: the partner's own file, or one of the two
 * reports of its import. A `moved` entry is the tombstone of a file that has gone to `imports_processed`:
 * it is not listed, but STAT and SETSTAT of the old path still find it.
 */
export type Entry = {
  readonly file: FileId;
  readonly name: string;
  readonly size: number;
  readonly mtime: number; // ms since 1970
  readonly content: 'file' | 'report' | 'rejected';
  readonly state: 'open' | 'taken' | 'moved'; // may still change; belongs to its import; only remembered here
};
