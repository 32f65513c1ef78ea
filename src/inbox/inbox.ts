// Takes files in whole and shows each account its folders. The inbox only records: a CLOSE or RENAME leaves durable
// bytes in the spool and a record in the store, and the importer finds those that are due on its own. What state a
// path is in stands in the store and holds for every session; in memory is only who is writing right now, and small files until
// their CLOSE.
import type { Account } from '../domain/account.ts';
import type { UploadStore } from '../store/upload-store.ts';
import { accountDrop } from './account-drop.ts';
import { Drafts } from './drafts.ts';
import type { Drop } from './drop.ts';
import type { Spool } from './spool.ts';
import { createTurns } from './turns.ts';
import { Uploads } from './uploads.ts';

export type Inbox = {
  dropFor(account: Account): Drop;
  /** At start, before the first drop: uploads that the last process was still writing become `incomplete`. */
  recover(): Promise<void>;
};

type Parts = {
  readonly store: UploadStore;
  readonly spool: Spool;
  readonly settle: number;
  readonly grace: number;
  readonly clock: () => number;
};

/** One inbox for all sessions of the process. `settle` and `grace` are in ms: quiet before the import and before the move. */
export function createInbox(parts: Parts): Inbox {
  const uploads = new Uploads(parts);
  const turns = createTurns();
  const drafts = new Drafts(turns);
  return {
    dropFor: (account) => accountDrop({ ...parts, account, uploads, drafts, turns }),
    recover: async () => {
      for (const file of await parts.store.openUploads()) await uploads.recover(file);
    },
  };
}
