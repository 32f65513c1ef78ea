import type { Store } from '../store.ts';
import { accountMethods } from './accounts.ts';
import { apiKeyMethods } from './api-keys.ts';
import { chunkMethods } from './chunk.ts';
import { claimDeliveryMethods } from './claim-deliveries.ts';
import { claimMethods } from './claims.ts';
import type { Database } from './connection.ts';
import { deliveryMethods } from './deliveries.ts';
import { deliveryRecordMethods } from './delivery-record.ts';
import { endpointMethods } from './endpoints.ts';
import { eventFeedMethods } from './event-feed.ts';
import { exchangeMethods } from './exchange-deliveries.ts';
import { importMethods } from './imports.ts';
import { keyedSlots, type SlotOf } from './keys.ts';
import type { Methods } from './methods.ts';
import { offerMethods } from './offers.ts';
import { operatorMethods } from './operator.ts';
import { outcomeMethods } from './outcomes.ts';
import { policyMethods } from './policies.ts';
import { productMethods } from './products.ts';
import { recordAttemptMethods } from './record-attempts.ts';
import { repeatMethods } from './repeats.ts';
import { replayStepMethods } from './replay-steps.ts';
import { replayMethods } from './replays.ts';
import { revisionMethods } from './revisions.ts';
import { trialMethods } from './trials.ts';
import { uploadMethods } from './uploads.ts';

export type StoreMethods = Omit<Methods<Store>, 'close'>;

/** Everything a store does, over one connection. */
export function storeMethods(db: Database, slotOf: SlotOf = keyedSlots(db.secret)): StoreMethods {
  const { prove, ...claims } = claimMethods(db);
  const deliveries = { ...claimDeliveryMethods(db), ...recordAttemptMethods(db) };
  const ping = db.prepare('SELECT 1');
  return {
    ...accountMethods(db),
    ...apiKeyMethods(db),
    ...uploadMethods(db),
    ...claims,
    ...importMethods(db, { ...claims, prove }),
    ...chunkMethods(db, { ...claims, prove }, slotOf),
    ...operatorMethods(db),
    ...repeatMethods(db, { ...claims, prove }),
    ...outcomeMethods(db),
    ...trialMethods(db, slotOf),
    ...policyMethods(db),
    ...offerMethods(db, slotOf),
    ...revisionMethods(db),
    ...productMethods(db),
    ...endpointMethods(db),
    ...deliveryMethods(db),
    ...deliveryRecordMethods(db),
    ...eventFeedMethods(db),
    ...replayMethods(db),
    ...replayStepMethods(db),
    ...deliveries,
    ...exchangeMethods(db, deliveries),
    ping: () => void ping.get(),
  };
}
