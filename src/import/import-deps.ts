import type { Log } from '../domain/log.ts';
import type { Spool } from '../inbox/spool.ts';
import type { Sold } from '../purchase/catalogue.ts';
import type { ImportStore } from '../store/import-store.ts';

/** What an import works with. */
export type ImportDeps = {
  readonly store: ImportStore;
  readonly spool: Pick<Spool, 'open' | 'createReport' | 'openScratch'>;
  /** The products on sale now, or those of an earlier edition. */
  readonly editions: (number?: number) => Promise<Sold>;
  readonly grace: number; // ms
  readonly clock: () => number;
  readonly log: Log;
  /** When it is aborted, the import is given back after the chunk that is being committed. */
  readonly stop: AbortSignal;
};
