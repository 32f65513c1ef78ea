import type { DeliveryStore } from '../delivery-store.ts';
import type { Database } from './connection.ts';
import type { Methods } from './methods.ts';

/** `exchangeDeliveries` of the store: a commit costs more than what is committed. */
export function exchangeMethods(
  db: Database,
  { recordAttempts, claimDeliveries }: Pick<Methods<DeliveryStore>, 'recordAttempts' | 'claimDeliveries'>,
): Pick<Methods<DeliveryStore>, 'exchangeDeliveries'> {
  return {
    exchangeDeliveries: (outcomes, claim) =>
      db.transaction(() => ({ disabled: recordAttempts(outcomes), deliveries: claimDeliveries(claim) })),
  };
}
