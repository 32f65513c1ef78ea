import type { Log } from '../domain/log.ts';
import type { Claim, ImportStore } from '../store/import-store.ts';

/** How long a claim lasts without a sign of life: a dead worker's import is taken over after as much. */
export const LEASE_MS = 30_000;

/** Renews a claim until the returned function is called. A claim that is lost shows at the next commit. */
export function keepLease(
  claim: Claim,
  store: Pick<ImportStore, 'renewLease'>,
  clock: () => number,
  log: Log,
): () => void {
  const { id } = claim.import;
  const renew = () =>
    store.renewLease(id, claim.epoch, LEASE_MS, clock()).catch((error: unknown) => {
      log.warn('the lease of an import could not be renewed', { import: id, error: String(error) });
    });
  const timer = setInterval(renew, LEASE_MS / 3);
  return () => clearInterval(timer);
}
