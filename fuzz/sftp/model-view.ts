// What a partner sees of the files.
import { attributes, type Bytes, bytesOf } from './model-bytes.ts';
import { type ModelFile, type ModelFiles, REPORT } from './model-files.ts';
import { type Place, placeOf } from './model-places.ts';

/** What a step shows; a status as its number, everything else by its fields. */
export type Seen = number | { readonly [field: string]: unknown };

const EOF = 1;
const NO_SUCH_FILE = 2;
const DENIED = 3;

export type Reader = {
  readonly bytes: Bytes;
  /** What it had when it was opened: a small file is read as it was then, any other as it is. */
  readonly before: Buffer;
  readonly size: number;
  readonly mtime: number;
};

export class ModelView {
  readonly #files: ModelFiles;

  constructor(files: ModelFiles) {
    this.#files = files;
  }

  stat(path: string): Seen {
    const place = placeOf(path);
    if (place.at === 'root' || place.at === 'folder') {
      return this.isFolder(path) ? { is: 'attributes', mode: 0o040755 } : NO_SUCH_FILE;
    }
    const file = this.find(path);
    const found = file ?? this.kept(place);
    if (!found) return NO_SUCH_FILE;
    if (file) this.#files.postpone(file);
    return { is: 'attributes', mode: 0o100644, ...attributes(found) };
  }

  get(path: string): Seen {
    const found = this.readable(path);
    return typeof found === 'number' ? found : { text: found.bytes.content.toString('latin1') };
  }

  /** What OPEN for reading finds: the bytes stay, whatever becomes of the path. */
  readable(path: string): Reader | number {
    const place = placeOf(path);
    if (place.at === 'root' || place.at === 'folder') return DENIED;
    const file = this.find(path);
    const found = file ?? this.kept(place);
    if (!found) return NO_SUCH_FILE;
    if (file) this.#files.postpone(file);
    return { bytes: found.bytes, before: Buffer.from(found.bytes.content), ...attributes(found) };
  }

  list(path: string): Seen {
    const place = placeOf(path);
    if (place.at === 'upload' || place.at === 'kept') {
      return (this.kept(place) ?? this.find(path)) ? DENIED : NO_SUCH_FILE;
    }
    if (!this.isFolder(path)) return NO_SUCH_FILE;
    if (place.at === 'root') return { names: ['.', '..', ...this.#folders()] };
    if (place.at !== 'folder') return NO_SUCH_FILE;
    return { names: ['.', '..', ...this.#namesIn(place.folder)] };
  }

  #namesIn(folder: string): string[] {
    if (folder === 'test' || folder === 'live') return this.#files.namesIn(folder);
    return this.#files.processed().flatMap(({ processed }) => {
      if (!processed) return [];
      const { name, reports } = processed;
      return folder === 'imports_processed' ? [name] : reports.map((report) => `${name}.${report}.csv`);
    });
  }

  find(path: string): ModelFile | undefined {
    const place = placeOf(path);
    return place.at === 'upload' ? this.#files.find(place.mode, place.name) : undefined;
  }

  /** What stands in one of the folders for the record. */
  kept(place: Place): { readonly bytes: Bytes; readonly mtime: number } | undefined {
    if (place.at !== 'kept') return undefined;
    for (const file of this.#files.processed()) {
      const { processed } = file;
      if (!processed) continue;
      if (place.folder === 'imports_processed' && processed.name === place.name)
        return { bytes: file.bytes, mtime: file.mtime };
      const report = processed.reports.find((one) => `${processed.name}.${one}.csv` === place.name);
      if (place.folder === 'imports_reports' && report)
        return { bytes: bytesOf(Buffer.from(REPORT)), mtime: processed.visible };
    }
    return undefined;
  }

  #folders(): string[] {
    return this.#files.processed().length > 0
      ? ['imports_processed', 'imports_reports', 'live', 'test']
      : ['live', 'test'];
  }

  isFolder(path: string): boolean {
    const place = placeOf(path);
    return place.at === 'root' || (place.at === 'folder' && this.#folders().includes(place.folder));
  }
}

/** What a READ of bytes of these is answered with. */
export function readFrom(content: Buffer, { offset, length }: { offset: number; length: number }): Seen {
  const text = content.subarray(offset, offset + length).toString('latin1');
  return text === '' && length > 0 ? EOF : { is: 'data', text };
}
