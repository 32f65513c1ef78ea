import type { ReplayId } from '../../domain/ids.ts';
import type { Replay } from '../../domain/replay.ts';
import { printList, printRecord } from '../output.ts';
import { replayRecord } from '../records.ts';
import { accountNamed, must, type Session, withExistingStore } from '../session.ts';

type ListOptions = { account: string; limit: number };

export async function replays(session: Session, { account: name, limit }: ListOptions): Promise<void> {
  await withExistingStore(session, async (store) => {
    const found = await store.replays((await accountNamed(store, name)).id, limit);
    printReplays(session, found, 'No replays.');
  });
}

export async function cancel(session: Session, id: string): Promise<void> {
  await withExistingStore(session, async (store) => {
    printRecord(replayRecord(must(await store.cancelReplay(id as ReplayId, Date.now()))), session.json);
  });
}

/** For people without what is the same for all, or seldom asked for. */
export function printReplays({ json }: Session, replays: readonly Replay[], empty: string): void {
  const records = replays.map(replayRecord);
  const overview = records.map(({ id, endpoint, what, state, done, total, created_at }) => ({
    ...{ id, endpoint, what, state, done, total, created_at },
  }));
  printList(json ? records : overview, { json, empty });
}
