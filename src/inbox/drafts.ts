import type { Turns } from './turns.ts';

/** Bytes of one file that wait in memory for their CLOSE: most files that programs send are smaller. */
export const MOST_OF_ONE = 64 * 1024;
/** Bytes of all of them; what comes beyond goes into the spool at once. */
const MOST_OF_ALL = 8 * 1024 * 1024;

/** A file of which only its writer knows. */
type Draft = {
  /** Makes it an upload like any other; to be called in the turn of its path. */
  record(): Promise<unknown>;
};

/** The files that are only in memory, by the keys of their paths. */
export class Drafts {
  readonly #turns: Turns;
  readonly #all = new Map<string, Draft>();
  #bytes = 0;

  constructor(turns: Turns) {
    this.#turns = turns;
  }

  add(key: string, draft: Draft): void {
    this.#all.set(key, draft);
  }

  remove(key: string, bytes: number): void {
    this.#all.delete(key);
    this.#bytes -= bytes;
  }

  /** False where there is no room for more bytes of a draft that has `size`. */
  grow(size: number, more: number): boolean {
    if (size + more > MOST_OF_ONE || this.#bytes + more > MOST_OF_ALL) return false;
    this.#bytes += more;
    return true;
  }

  /** Before somebody looks at the path. */
  async record(key: string): Promise<void> {
    if (this.#all.has(key)) await this.#turns(key, () => this.recordInTurn(key));
  }

  /** Before somebody looks at all that is in a folder. */
  async recordIn(folder: string): Promise<void> {
    const keys = [...this.#all.keys()].filter((key) => key.startsWith(`${folder}/`));
    await Promise.all(keys.map((key) => this.record(key)));
  }

  /** To be called in the turn of the path. Where it fails, the writer is told. */
  async recordInTurn(key: string): Promise<void> {
    await this.#all
      .get(key)
      ?.record()
      .catch(() => {});
  }
}
