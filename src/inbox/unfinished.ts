import type { Log } from '../domain/log.ts';
import type { UploadStore } from '../store/upload-store.ts';
import type { Spool } from './spool.ts';

type Parts = {
  readonly store: UploadStore;
  readonly spool: Spool;
  readonly log: Log;
  readonly clock: () => number;
};

/** Removes files that were not completed, or whose name is none to import, when nobody touched them for `keep` ms; the log tells of each. */
export async function removeUnfinished({ store, spool, log, clock }: Parts, keep: number): Promise<void> {
  const now = clock();
  for (const { file, ...expired } of await store.expireUploads(now - keep, now)) {
    await spool.remove(file);
    log.warn('removed a file that was never finished', expired);
  }
}
