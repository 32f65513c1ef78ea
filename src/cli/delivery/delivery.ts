import type { DeliveryId, EndpointId } from '../../domain/ids.ts';
import type { DeliveryFilter, DeliveryRecord } from '../../store/delivery-store.ts';
import type { OpenStore } from '../../store/open.ts';
import { printList, printRecord } from '../output.ts';
import { attemptRecord, deliveryRecord } from '../records.ts';
import { accountNamed, Refused, type Session, withExistingStore } from '../session.ts';

type ListOptions = Pick<DeliveryFilter, 'state' | 'limit'> & { account: string; endpoint?: EndpointId };

export async function list(session: Session, { account: name, ...filter }: ListOptions): Promise<void> {
  await withExistingStore(session, async (store) => {
    const account = (await accountNamed(store, name)).id;
    const deliveries = await store.deliveries({ ...filter, account });
    const shown = session.json ? deliveries.map(deliveryRecord) : deliveries.map(overview);
    printList(shown, { json: session.json, empty: 'No deliveries.' });
  });
}

export async function show(session: Session, id: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    const delivery = deliveryRecord(await deliveryOf(store, id));
    const failed = (await store.failedAttempts(delivery.id)).map(attemptRecord);
    if (session.json) return printRecord({ ...delivery, failed_attempts: failed }, true);
    printRecord(delivery, false);
    if (failed.length > 0) printList(failed, { json: false, empty: '' });
  });
}

export async function deliveryOf(store: OpenStore, id: string): Promise<DeliveryRecord> {
  const found = await store.delivery(id as DeliveryId);
  if (!found)
    throw new Refused(`There is no delivery ${id}. policydrop delivery list --account NAME shows them.`);
  return found;
}

/** What fits into a line. */
function overview(delivery: DeliveryRecord) {
  const { id, type, events, state, attempts, problem, created_at } = deliveryRecord(delivery);
  return { id, type, events, state, attempts, problem, created_at };
}
