import { join } from 'node:path';
import type { FileId } from '../../src/domain/ids.ts';
import type { Mode } from '../../src/domain/mode.ts';
import type { Result } from '../../src/domain/refusal.ts';
import type { Drop, WriteFlags, WriteHandle } from '../../src/inbox/drop.ts';
import { createInbox, type Inbox } from '../../src/inbox/inbox.ts';
import { openSpool } from '../../src/inbox/small-files.ts';
import type { Spool, SpoolUpload } from '../../src/inbox/spool.ts';
import type { Claim } from '../../src/store/import-store.ts';
import type { UploadStore } from '../../src/store/upload-store.ts';
import { AStore, NOW } from '../store/a-store.ts';

export const SETTLE = 3_000;
export const GRACE = 10_000;

const NO_FLAGS: WriteFlags = { read: false, create: false, truncate: false, exclusive: false, append: false };
/** As clients open: `sftp put`, `scp`, a resume by `sftp reput`, a resume by curl or FileZilla. */
export const PUT: WriteFlags = { ...NO_FLAGS, create: true, truncate: true };
export const SCP: WriteFlags = { ...NO_FLAGS, create: true };
export const REPUT: WriteFlags = { ...NO_FLAGS, create: true, append: true };
export const RESUME: WriteFlags = NO_FLAGS;

type Faults = { store?: (real: UploadStore) => UploadStore; spool?: (real: Spool) => Spool };

/** An inbox on a real store and a real spool, with a clock that the test turns, and the drop of the account `partner`. */
export class AnInbox {
  now = NOW;
  kept!: AStore;
  spool!: Spool;
  inbox!: Inbox;
  drop!: Drop;
  readonly #opened: SpoolUpload[] = [];

  static async open(faults: Faults = {}): Promise<AnInbox> {
    const one = new AnInbox();
    one.kept = await AStore.open();
    await one.#start(faults);
    return one;
  }

  async #start({ store = (real) => real, spool = (real) => real }: Faults): Promise<void> {
    const faulty = store(this.kept.store);
    this.spool = await openSpool(join(this.kept.directory, 'spool'), faulty);
    this.inbox = createInbox({
      store: faulty,
      spool: spool(this.#remembering(this.spool)),
      settle: SETTLE,
      grace: GRACE,
      clock: () => this.now,
    });
    this.drop = this.inbox.dropFor(this.kept.account);
  }

  /** What a process leaves open when it dies, the system closes; here the test does. */
  #remembering(real: Spool): Spool {
    return {
      ...real,
      openUpload: async (file) => {
        const upload = await real.openUpload(file);
        this.#opened.push(upload);
        return upload;
      },
    };
  }

  get store() {
    return this.kept.store;
  }

  get account() {
    return this.kept.account;
  }

  /** The process dies, whatever is open, and another one starts. */
  async crash(faults: Faults = {}): Promise<void> {
    await this.kept.reopen();
    await this.#start(faults);
    await this.inbox.recover();
  }

  async remove(): Promise<void> {
    for (const upload of this.#opened) await upload.close();
    await this.kept.remove();
  }

  /** The drop of the same partner, allowed only `modes`. */
  dropWith(modes: readonly Mode[]): Drop {
    return this.inbox.dropFor({ ...this.account, modes });
  }

  async put(path: string, text: string, flags = PUT): Promise<void> {
    const handle = await this.open(path, flags);
    yes(await handle.write(0, Buffer.from(text)));
    yes(await handle.close());
  }

  async open(path: string, flags = PUT): Promise<WriteHandle> {
    return yes(await this.drop.openWrite(path, flags));
  }

  /** What a partner reads there. */
  async get(path: string): Promise<string> {
    const handle = yes(await this.drop.openRead(path));
    try {
      const bytes = Buffer.alloc(1_000_000);
      const read = yes(await handle.read(0, bytes));
      return bytes.toString('utf8', 0, read);
    } finally {
      await handle.close();
    }
  }

  /** The bytes as an importer reads them. */
  async spooled(file: string): Promise<string> {
    const reader = await this.spool.open(file as FileId, 'file');
    try {
      return (await reader.read(0, reader.size)).toString();
    } finally {
      await reader.close();
    }
  }

  async names(path: string): Promise<string[]> {
    return yes(await this.drop.list(path)).map((one) => one.name);
  }

  /** `name: state` of every import that is not cancelled, oldest first, once what is only in memory has been recorded. */
  async imports(): Promise<string[]> {
    for (const folder of ['/test', '/live']) await this.drop.list(folder);
    const all = await this.store.imports({ limit: 100, now: this.now });
    return all
      .toReversed()
      .filter((one) => one.state !== 'cancelled')
      .map((one) => `${one.file}: ${one.state}`);
  }

  /** An importer takes what is due once everything has settled. */
  async take(): Promise<Claim> {
    this.now += SETTLE;
    const claim = await this.store.claimImport(60_000, this.now);
    if (!claim) throw new Error('nothing is due');
    return claim;
  }

  /** An importer takes what is due and completes it without a row; it moves after `GRACE`. */
  async process(): Promise<void> {
    const { import: one, epoch } = await this.take();
    for (const content of ['report', 'rejected'] as const) {
      const report = await this.spool.createReport(one.file_id, content);
      await report.write(content);
      await report.commit();
    }
    const end = { import: one.id, epoch, report_size: 6, rejected_size: 8, grace: GRACE, now: this.now };
    yes(await this.store.completeImport(end));
  }

  /** … and it has moved. */
  async processAndMove(): Promise<void> {
    await this.process();
    this.now += GRACE;
  }
}

/** The value of an answer that must not be a refusal. */
export function yes<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.code}: ${result.message}`);
  return result.value;
}
