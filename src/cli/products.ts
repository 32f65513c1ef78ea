import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenStore, openStore } from '../store/open.ts';
import type { Session } from './session.ts';

/**
 * A store with products on sale: that of the data directory, or, where nothing was ever served, an empty one with the products that are
 * shipped, which is gone after `use`. `passing` tells which.
 */
export async function withProducts<T>(
  session: Session,
  use: (store: OpenStore, passing: boolean) => Promise<T>,
): Promise<T> {
  const { data } = session.config;
  if (!existsSync(join(data, 'policydrop.db'))) return withShippedProducts((store) => use(store, true));
  const store = await openStore(data);
  try {
    if ((await store.products()).length > 0) return await use(store, false);
  } finally {
    await store.close();
  }
  return withShippedProducts((passing) => use(passing, true));
}

async function withShippedProducts<T>(use: (store: OpenStore) => Promise<T>): Promise<T> {
  const { publishShippedProducts } = await import('../serve/shipped-products.ts'); // takes longer than other commands
  const directory = mkdtempSync(join(tmpdir(), 'policydrop-'));
  const store = await openStore(directory);
  try {
    await publishShippedProducts(store, Date.now);
    return await use(store);
  } finally {
    await store.close();
    rmSync(directory, { recursive: true, force: true });
  }
}
