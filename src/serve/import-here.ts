import type { Config } from '../config/config.ts';
import { startImporter } from '../import/importer.ts';
import type { OpenStore } from '../store/open.ts';
import { lockDirectory } from '../store/sqlite/lock.ts';
import { createLog } from './log.ts';
import { publishShippedProducts } from './shipped-products.ts';

/** Runs `work`, which waits for imports: a running server does them, or, where there is none, this process. */
export async function importHereUntil<T>(
  config: Config,
  store: OpenStore,
  work: () => Promise<T>,
): Promise<T> {
  const lock = lockDirectory(config.data, 0);
  if (!lock.ok) return work();
  try {
    await publishShippedProducts(store, Date.now);
    await store.dropClaims();
    const log = createLog(process.stderr.isTTY === true, 'warn');
    const importer = await startImporter({
      ports: store.ports,
      dataDir: config.data,
      grace: config.grace,
      log,
    });
    try {
      return await work();
    } finally {
      await importer.stop();
    }
  } finally {
    lock.value.release();
  }
}
