import type { DeliveryStore } from '../store/delivery-store.ts';

const AT_A_TIME = 1_000; // of one transaction, so that nothing waits longer than for a chunk of an import

/** Removes what is kept of deliveries that ended before an instant; their events stay. */
export async function removeOldDeliveries(
  store: Pick<DeliveryStore, 'removeDeliveries'>,
  before: number,
): Promise<void> {
  while ((await store.removeDeliveries(before, AT_A_TIME)) === AT_A_TIME);
}
