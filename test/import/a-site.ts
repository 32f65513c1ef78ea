import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Account } from '../../src/domain/account.ts';
import type { ImportId } from '../../src/domain/ids.ts';
import type { Import, RowOutcome } from '../../src/domain/import.ts';
import type { Mode } from '../../src/domain/mode.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { ImportDeps } from '../../src/import/import-deps.ts';
import { importFile } from '../../src/import/import-file.ts';
import { LEASE_MS } from '../../src/import/lease.ts';
import { openSpool } from '../../src/inbox/small-files.ts';
import type { Spool } from '../../src/inbox/spool.ts';
import { takeFile } from '../../src/inbox/take-file.ts';
import { editionsFrom } from '../../src/purchase/catalogue.ts';
import { publishShippedProducts } from '../../src/serve/shipped-products.ts';
import type { Claim } from '../../src/store/import-store.ts';
import { type OpenStore, openStore } from '../../src/store/open.ts';

export type LogLine = { level: string; message: string; fields: Record<string, unknown> };

/** A store, a spool, the shipped product and an account in a directory of their own; the clock is the test's. */
export class Site {
  now = Date.UTC(2026, 10, 23, 12);
  readonly log: LogLine[] = [];
  readonly directory: string;
  readonly store: OpenStore;
  readonly spool: Spool;
  readonly account: Account;

  private constructor(directory: string, store: OpenStore, spool: Spool, account: Account) {
    this.directory = directory;
    this.store = store;
    this.spool = spool;
    this.account = account;
  }

  static async open(integrations: readonly string[] = []): Promise<Site> {
    const directory = mkdtempSync(join(tmpdir(), 'policydrop-import-'));
    const store = await openStore(directory);
    const spool = await openSpool(join(directory, 'spool'), store);
    await publishShippedProducts(store, Date.now);
    const added = await store.addAccount({
      name: 'partner',
      modes: ['test', 'live'],
      integrations,
      keys: [],
      now: Date.now(),
    });
    if (!added.ok) throw new Error(added.message);
    return new Site(directory, store, spool, added.value);
  }

  async close(): Promise<void> {
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
  }

  get deps(): ImportDeps {
    const say =
      (level: string) =>
      (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
        this.log.push({ level, message, fields });
      };
    return {
      store: this.store,
      spool: this.spool,
      editions: editionsFrom(this.store),
      grace: 0,
      clock: () => this.now,
      log: { info: say('info'), warn: say('warn'), error: say('error') },
      stop: new AbortController().signal,
    };
  }

  /** A complete file that is due. */
  async drop(name: string, content: string | Uint8Array, mode: Mode = 'test'): Promise<ImportId> {
    const localPath = join(this.directory, 'dropped');
    writeFileSync(localPath, content);
    const { store, spool, account } = this;
    const taken = await takeFile({ store, spool, clock: () => this.now }, { account, mode, name, localPath });
    if (!taken.ok) throw new Error(taken.message);
    return taken.value.import;
  }

  async claim(): Promise<Claim> {
    const claim = await this.store.claimImport(LEASE_MS, this.now);
    if (!claim) throw new Error('nothing is due');
    return claim;
  }

  /** Drops a file and imports it. */
  async import(name: string, content: string | Uint8Array, mode: Mode = 'test'): Promise<Import> {
    const id = await this.drop(name, content, mode);
    await importFile(await this.claim(), this.deps);
    return this.importOf(id);
  }

  async importOf(id: ImportId): Promise<Import> {
    const one = await this.store.import(id, Date.now());
    if (!one) throw new Error(`${id} is not there`);
    return one;
  }

  async outcomes(id: ImportId): Promise<RowOutcome[]> {
    const all: RowOutcome[] = [];
    for (let chunk = 0; ; chunk++) {
      const outcomes = await this.store.outcomes(id, chunk);
      if (!outcomes) return all;
      all.push(...outcomes);
    }
  }

  async policies(id: ImportId): Promise<readonly Policy[]> {
    return (await this.store.policies({ import: id, limit: 100_000 })).policies;
  }

  /** The text of a report; undefined when there is none. */
  async report(one: Import, content: 'report' | 'rejected'): Promise<string | undefined> {
    let file: Awaited<ReturnType<Spool['open']>>;
    try {
      file = await this.spool.open(one.file_id, content);
    } catch {
      return undefined;
    }
    const bytes = await file.read(0, file.size);
    await file.close();
    return bytes.toString('utf8');
  }
}
