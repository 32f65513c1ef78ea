import type { Account } from '../domain/account.ts';
import type { UploadStore } from '../store/upload-store.ts';
import type { Drafts } from './drafts.ts';
import type { Spool } from './spool.ts';
import type { Turns } from './turns.ts';
import type { Uploads } from './uploads.ts';

/** What the operations of an account's drop share. `settle` and `grace` are in ms. */
export type DropParts = {
  readonly account: Account;
  readonly store: UploadStore;
  readonly spool: Spool;
  readonly uploads: Uploads;
  readonly drafts: Drafts;
  readonly turns: Turns;
  readonly settle: number;
  readonly grace: number;
  readonly clock: () => number;
};
