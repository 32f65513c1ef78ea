import type { Config } from '../config/config.ts';
import type { Log } from '../domain/log.ts';
import type { Spool } from '../inbox/spool.ts';
import { removeUnfinished } from '../inbox/unfinished.ts';
import type { Store } from '../store/store.ts';
import { removeOldDeliveries } from '../webhooks/old-deliveries.ts';

const TIDY_EVERY = 10 * 60_000; // ms

type Parts = {
  readonly store: Store;
  readonly spool: Spool;
  readonly log: Log;
  readonly clock: () => number;
};

/** Removes at intervals what nobody will come back for: files that were not completed, deliveries that ended long ago, offers that were not paid. */
export function tidyRegularly(parts: Parts, { keep_unfinished, webhooks }: Config): NodeJS.Timeout {
  const { store, log, clock } = parts;
  return setInterval(() => {
    removeUnfinished(parts, keep_unfinished).catch((error) =>
      log.error('unfinished files could not be removed', { error: String(error) }),
    );
    removeOldDeliveries(store, clock() - webhooks.keep_deliveries).catch((error) =>
      log.error('old deliveries could not be removed', { error: String(error) }),
    );
    removeExpiredOffers(parts).catch((error) =>
      log.error('expired offers could not be removed', { error: String(error) }),
    );
  }, TIDY_EVERY);
}

/** Some at a time, so that a chunk need not wait for all of them. */
async function removeExpiredOffers({ store, log, clock }: Parts): Promise<void> {
  let removed = 0;
  for (let some = 1; some > 0; removed += some) some = await store.removeExpiredOffers(clock());
  if (removed > 0) log.info('removed offers that nobody paid', { offers: removed });
}
