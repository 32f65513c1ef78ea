import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../../src/domain/account.ts';
import type { Endpoint } from '../../src/domain/endpoint.ts';
import { EVENT_TYPES, type EventType } from '../../src/domain/event.ts';
import type { Mode } from '../../src/domain/mode.ts';
import { cents } from '../../src/domain/money.ts';
import type { Folder } from '../../src/domain/upload.ts';
import { type PurchaseRow, packRows, type RejectedRow } from '../../src/store/chunk-rows.ts';
import type { Delivery } from '../../src/store/delivery-store.ts';
import type { NewEndpoint } from '../../src/store/endpoint-store.ts';
import type { Claim, ImportEnd } from '../../src/store/import-store.ts';
import { type OpenStore, openStore } from '../../src/store/open.ts';
import type { NewOffer, Owner } from '../../src/store/policy-store.ts';
import type { StoreMethods } from '../../src/store/sqlite/methods-of.ts';

export const NOW = Date.UTC(2026, 10, 23, 9);
export const HOUR = 3_600_000;
export const INTEGRATION = 'in_41c2f22d51612f04ee2c48eca3dc0';
export const ROOM = { perEndpoint: 100, places: 1_000, probes: 1_000 };
export const FAILED = {
  attempt: 1,
  status: 500,
  problem: 'it answered 500',
  response: undefined,
  retry_at: undefined,
  pause: undefined,
  ms: 7,
  now: NOW,
};
export const PATHS = [
  'policy.email',
  'policy.first_name',
  'policy.language',
  'policy.last_name',
  'quote.data.price',
];

const SHAPE = { integration_id: INTEGRATION, product_id: 'pr_1', product_version: 1, paths: PATHS };

/** A store in a directory of its own, with the account `partner` and one published product. */
export class AStore {
  readonly directory = mkdtempSync(join(tmpdir(), 'policydrop-store-'));
  store!: OpenStore;
  account!: Account;

  static async open(): Promise<AStore> {
    const one = new AStore();
    one.store = await openStore(one.directory);
    one.account = await one.anotherAccount('partner');
    const product = {
      product_id: 'pr_1',
      definition: '{}',
      currency: 'EUR',
      policy_number: 'TR-{number}',
      now: NOW,
    };
    await one.store.publishProduct(product);
    return one;
  }

  async anotherAccount(name: string): Promise<Account> {
    const account = { name, modes: ['test', 'live'], integrations: [], keys: [], now: NOW } as const;
    const added = await this.store.addAccount(account);
    if (!added.ok) throw new Error(added.message);
    return added.value;
  }

  /** An endpoint that wants every event of test mode. */
  async subscribe(
    events: readonly EventType[] = EVENT_TYPES,
    options: Partial<NewEndpoint> = {},
  ): Promise<Endpoint> {
    const added = await this.store.addEndpoint({
      id: await this.store.nextEndpointId(NOW),
      account: this.account.id,
      url: 'https://a.example/',
      description: '',
      events,
      modes: ['test'],
      batch: 1,
      secrets: [{ kind: 'hmac', sealed: Buffer.from('sealed') }],
      ...options,
    });
    if (!added.ok) throw new Error(added.message);
    return added.value;
  }

  /** What endpoints have not been sent yet. */
  deliveries() {
    return this.store.claimDeliveries({ ...ROOM, lease: HOUR, now: NOW + HOUR });
  }

  async reopen(): Promise<void> {
    await this.store.close();
    this.store = await openStore(this.directory);
  }

  async remove(): Promise<void> {
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  upload(name: string, now = NOW, options = {}) {
    const path = { account: this.account.id, mode: 'test', name } as const;
    return this.store.beginUpload({ ...path, ...NEW_FILE, now, ...options });
  }

  /** A file that is complete, and due at `due`. */
  async dropped(name: string, now = NOW, due = now, mode: Mode = 'test', account = this.account, size = 10) {
    const begun = await this.upload(name, now, { mode, account: account.id });
    if (!begun.ok) throw new Error(begun.message);
    await this.store.commitUpload(begun.value.file, { size, mtime: now, eligible: true, now, due });
    return begun.value.file;
  }

  /** A queued file, claimed. */
  async claim(name = 'tickets.csv', now = NOW, mode: 'test' | 'live' = 'test'): Promise<Claim> {
    await this.dropped(name, now, now, mode);
    const claim = await this.store.claimImport(30_000, now);
    if (!claim) throw new Error('nothing to claim');
    return claim;
  }

  /** Commits rows as the next chunk of a claim whose earlier chunks had `before` rows. */
  commit(claim: Claim, rows: (PurchaseRow | RejectedRow)[], before = 0, now = NOW) {
    const last = rows.at(-1);
    return this.store.commitChunk({
      import: claim.import.id,
      epoch: claim.epoch,
      rows: packRows(rows),
      shapes: [SHAPE],
      checkpoint: {
        rows: before + rows.length,
        offset: (last?.offset ?? 0) + (last?.length ?? 0),
        line: (last?.line ?? 0) + 1,
      },
      now,
    });
  }

  end(claim: Claim, now = NOW, grace = 0): ImportEnd {
    const reports = { report_size: 1, rejected_size: undefined };
    return { import: claim.import.id, epoch: claim.epoch, ...reports, grace, now };
  }

  async names(folder: Folder, now = NOW): Promise<string[]> {
    return (await this.store.listFolder(this.account.id, folder, now)).map(({ name }) => name);
  }
}

const NEW_FILE = { create: true, exclusive: false, eligible: true };

/** A file that is due, over the methods of the store's own thread. */
export function queueFile(store: StoreMethods, account: Account): void {
  const path = { account: account.id, mode: 'test', name: 'tickets.csv' } as const;
  const begun = store.beginUpload({ ...path, ...NEW_FILE, now: NOW });
  if (!begun.ok) throw new Error(begun.message);
  store.commitUpload(begun.value.file, { size: 1, mtime: NOW, eligible: true, now: NOW, due: NOW });
}

export function purchase(row: number, key: string, content = 'a'): PurchaseRow {
  const values = JSON.stringify([`${content}@example.com`, 'Nick', 'en', 'Malone', 5000]);
  return {
    kind: 'purchase',
    row,
    line: row + 1,
    offset: row * 100,
    length: 99,
    key,
    shape: 0,
    values,
    hash: Buffer.alloc(16, content).toString('hex'),
    premium: { net: cents(1728), tax: cents(328), gross: cents(2056) },
    start_day: 20_000,
    end_day: 20_010,
  };
}

/** The same purchase over REST, valid for an hour. */
export function offerOf(owner: Owner, key: string, content = 'a', now = NOW): NewOffer {
  const { values, hash, premium, start_day, end_day } = purchase(1, key, content);
  const bought = { shape: SHAPE, values, hash, premium, start_day, end_day };
  return { owner, key, ...bought, expires_at: now + HOUR, most: 1_000_000, now };
}

export function rejection(row: number, key = ''): RejectedRow {
  const errors = [
    {
      code: 'missing_field',
      column: 'policy.first_name',
      value: '',
      message: 'policy.first_name is missing',
    },
  ];
  return {
    kind: 'rejected',
    row,
    line: row + 1,
    offset: row * 100,
    length: 99,
    key,
    integration_id: INTEGRATION,
    errors,
  };
}

export const typesOf = ({ events }: Delivery) => events.map(({ type }) => type);
export const idOf = ({ events }: Delivery) => events[0]?.id;
