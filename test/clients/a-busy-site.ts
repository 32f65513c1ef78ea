// One running server for many clients at once, and what is seen of it from the store's side.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Import } from '../../src/domain/import.ts';
import { type OpenStore, openStore } from '../../src/store/open.ts';
import { eventually, type RunningServer, Site } from '../journey/a-server.ts';
import { writeTickets } from '../journey/many-tickets.ts';
import type { Login } from './a-client.ts';

/**
 * Bytes of a row in `tickets`. Clients send pieces of multiples of 16 bytes and the header has 940, so that no upload
 * that is cut off ends at the end of a row.
 */
const ROW = 2_048;

export class BusySite {
  readonly site = new Site();
  #server!: RunningServer;
  #store!: OpenStore;

  async start(): Promise<void> {
    const settings = { SETTLE: '5s', GRACE: '2s', SFTP_CONNECTION_RATE: '1000', SFTP_OLDER_MACS: 'true' };
    for (const [key, value] of Object.entries(settings)) this.site.environment[`POLICYDROP_${key}`] = value;
    this.site.cli('account', 'add', 'partner', '--key', `${this.site.key}.pub`, '--mode', 'test');
    this.#server = await this.site.start();
    this.#store = await openStore(this.site.data);
    spawnSync('puttygen', [this.site.key, '-O', 'private', '-o', this.#puttyKey]);
  }

  async remove(): Promise<void> {
    await this.#store?.close();
    await this.site.remove();
  }

  get #puttyKey(): string {
    return join(this.site.directory, 'key.ppk');
  }

  get login(): Login {
    const { key, directory: home } = this.site;
    const { sftpPort: port, hostKey } = this.#server;
    return { port, key, puttyKey: this.#puttyKey, hostKey, home };
  }

  /** A file of good rows; the same keys make the same rows. */
  tickets(name: string, rows: number, keys: string): string {
    const path = join(this.site.directory, name);
    writeTickets(path, rows, keys);
    const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    const long = lines.map((line) => `${'x'.repeat(ROW - Buffer.byteLength(line) - 2)},${line}`);
    writeFileSync(path, `${[`_pad,${header}`, ...long].join('\n')}\n`);
    return path;
  }

  /** The only import of a file, once it is in one of the states; what was removed before it began does not count. */
  async theImport(file: string, ...states: Import['state'][]): Promise<Import> {
    const found = await eventually(async () => {
      const imports = await this.#imports(file);
      const left = imports.filter((one) => !isBeingWritten(one));
      return left.some(({ state }) => states.includes(state)) && imports;
    });
    const kept = found.filter(({ state }) => state !== 'cancelled' || states.includes(state));
    if (kept.length !== 1) throw new Error(`${kept.length} imports of ${file}: ${JSON.stringify(kept)}`);
    return kept[0] as Import;
  }

  /** The imports of a file, also under other names that have its name in them. */
  async #imports(file: string): Promise<Import[]> {
    const all = await this.#store.imports({ limit: 1_000, now: Date.now() });
    return all.filter((one) => one.file.includes(file));
  }

  /** The time of a file in `/test`, in ms. */
  async timeOf(name: string): Promise<number | undefined> {
    const account = await this.#store.account('partner');
    if (!account) throw new Error('there is no partner');
    return (await this.#store.findEntry(account.id, 'test', name, Date.now()))?.mtime;
  }
}

/** Until its connection is lost or the file is closed, an upload has no size. */
function isBeingWritten({ state, size }: Import): boolean {
  return state === 'incomplete' && size === 0;
}
