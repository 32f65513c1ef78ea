import { join } from 'node:path';
import type { Account } from '../../src/domain/account.ts';
import type { Drop } from '../../src/inbox/drop.ts';
import { createInbox } from '../../src/inbox/inbox.ts';
import { openSpool } from '../../src/inbox/small-files.ts';
import type { Spool } from '../../src/inbox/spool.ts';
import { AStore } from '../../test/store/a-store.ts';

/** ms, as the model has them. */
export const SETTLE = 3_000;
export const GRACE = 10_000;

/** The real store and the real spool in a directory of their own; every case gets an account of its own. */
export class Site {
  /** What is open in the spool. */
  readonly held = new Set<object>();
  readonly spool: Spool;
  readonly #kept: AStore;
  #accounts = 0;

  private constructor(kept: AStore, spool: Spool) {
    this.#kept = kept;
    this.spool = this.#watched(spool);
  }

  static async open(): Promise<Site> {
    const kept = await AStore.open();
    return new Site(kept, await openSpool(join(kept.directory, 'spool'), kept.store));
  }

  get store() {
    return this.#kept.store;
  }

  /** A new account and its folders, whose time is that of `clock`. */
  async partner(clock: () => number): Promise<{ account: Account; drop: Drop }> {
    const name = `partner-${++this.#accounts}`;
    const modes = ['test', 'live'] as const;
    const added = await this.store.addAccount({ name, modes, integrations: [], keys: [], now: clock() });
    if (!added.ok) throw new Error(added.message);
    const { store, spool } = this;
    const inbox = createInbox({ store, spool, settle: SETTLE, grace: GRACE, clock });
    return { account: added.value, drop: inbox.dropFor(added.value) };
  }

  close(): Promise<void> {
    return this.#kept.remove();
  }

  #watched(real: Spool): Spool {
    const watch = <T extends { close(): Promise<void> }>(opened: T): T => {
      this.held.add(opened);
      const close = () => {
        this.held.delete(opened); // nobody need wait for it
        return opened.close();
      };
      return { ...opened, close };
    };
    return {
      ...real,
      open: async (file, content) => watch(await real.open(file, content)),
      openUpload: async (file) => watch(await real.openUpload(file)),
    };
  }
}
