import type { Listed, ReadHandle, WriteHandle } from '../../inbox/drop.ts';
import type { Activity } from './activity.ts';

export type Handle =
  | { readonly kind: 'read'; readonly file: ReadHandle }
  | { readonly kind: 'write'; readonly file: WriteHandle }
  | { readonly kind: 'folder'; readonly rest: Listed[] };

/** The open handles of one session, by the string that the client knows. */
export class Handles {
  readonly #open = new Map<string, Handle>();
  readonly #most: number;
  readonly #activity: Activity | undefined;
  #last = 0;

  constructor(most: number, activity?: Activity) {
    this.#most = most;
    this.#activity = activity;
  }

  get full(): boolean {
    return this.#open.size >= this.#most;
  }

  add(handle: Handle): string {
    const name = String(++this.#last);
    this.#open.set(name, handle);
    if (handle.kind === 'write') this.#activity?.opened();
    return name;
  }

  get(name: string): Handle | undefined {
    return this.#open.get(name);
  }

  take(name: string): Handle | undefined {
    const handle = this.#open.get(name);
    this.#open.delete(name);
    if (handle?.kind === 'write') this.#activity?.closed();
    return handle;
  }

  /** The session is over: what was being written was not closed, and is kept for a resume. */
  async release(): Promise<void> {
    const names = [...this.#open.keys()];
    const open = names.flatMap((name) => this.take(name) ?? []);
    await Promise.all(
      open.map(async (handle) => {
        if (handle.kind === 'write') await handle.file.abandon();
        if (handle.kind === 'read') await handle.file.close();
      }),
    );
  }
}
