import type { Bell } from '../domain/bell.ts';
import type { ImportDeps } from './import-deps.ts';
import { importFile } from './import-file.ts';
import { LEASE_MS } from './lease.ts';

const POLL_MS = 250; // a file is due at a time that nobody announces, and another process may have handed it in
const MAX_IMPORTS = 4; // at once, chunk by chunk in turn
const SMALL_FILE = 256 * 1024; // bytes; a few hundred rows, or some thousand in a compressed file

/** The last place is kept for small files, which therefore never wait for the end of large ones. */
function largestNow(running: number): number | undefined {
  return running < MAX_IMPORTS - 1 ? undefined : SMALL_FILE;
}

/** Claims and imports what is due until `stop` is aborted; then every import has come to the end of a chunk. */
export async function importDueFiles(deps: ImportDeps, bell: Bell): Promise<void> {
  const running = new Set<Promise<void>>();
  while (!deps.stop.aborted) {
    const claim =
      running.size < MAX_IMPORTS
        ? await deps.store.claimImport(LEASE_MS, deps.clock(), largestNow(running.size))
        : undefined;
    if (claim) {
      const one = importFile(claim, deps).finally(() => {
        running.delete(one);
        bell.ring();
      });
      running.add(one);
    } else {
      await bell.wait(POLL_MS);
    }
  }
  await Promise.all(running);
}
