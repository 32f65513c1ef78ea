// HTTP as it is served, on a store of its own with the shipped products and the account `partner`.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrinter } from '../../src/document/printer.ts';
import type { Account } from '../../src/domain/account.ts';
import { newApiKey } from '../../src/domain/api-key.ts';
import type { Mode } from '../../src/domain/mode.ts';
import { apiKeyAuthentication } from '../../src/http/authentication/api-key.ts';
import type { Checks } from '../../src/http/health/checks.ts';
import { type HttpServer, startHttp } from '../../src/http/server.ts';
import { publishShippedProducts } from '../../src/serve/shipped-products.ts';
import { type OpenStore, openStore } from '../../src/store/open.ts';
import { contentOf } from '../../src/webhooks/bodies.ts';

export const NOW = Date.UTC(2026, 10, 25, 9, 30, 0, 250);

export const HOUR = 3_600_000;
export const WEBHOOKS = {
  attempts: { delivered: 30, failed: 2, given_up: 1 },
  waiting: { events: 7, oldest_age: 1.5 },
  endpoints: { failing: 1, disabled: 2 },
};

/** What signs quotes, and for how long they hold. */
export const QUOTES = { tokenKey: randomBytes(32), validity: { quote: 24 * HOUR, offer: 7 * 24 * HOUR } };

/** What signs links to documents. */
export const DOCUMENTS = { key: randomBytes(32), validity: 7 * 24 * HOUR };

type Logged = { message: string; fields: Readonly<Record<string, unknown>> | undefined };
type Given = {
  checks?: Checks;
  port?: number;
  proxies?: string[];
  failures?: number;
  request_rate?: number;
  openOffers?: number;
};

export class HttpSite {
  readonly directory = mkdtempSync(join(tmpdir(), 'policydrop-http-'));
  readonly logged: Logged[] = [];
  readonly printer = startPrinter();
  /** The present, in ms; tests move it. */
  now = NOW;
  store!: OpenStore;
  server!: HttpServer;
  account!: Account;
  key = '';

  static async start(given: Given = {}): Promise<HttpSite> {
    const site = new HttpSite();
    site.store = await openStore(site.directory);
    await publishShippedProducts(site.store, () => site.now);
    site.account = await site.addAccount('partner');
    site.key = await site.addKey(site.account, 'test');
    site.server = await site.serve(given);
    return site;
  }

  serve({
    checks = {},
    port = 0,
    proxies = [],
    failures = 20,
    request_rate = 100,
    openOffers = 100,
  }: Given): Promise<HttpServer> {
    const say = (message: string, fields?: Logged['fields']) => void this.logged.push({ message, fields });
    const clock = () => this.now;
    return startHttp({
      host: '127.0.0.1',
      port,
      proxies,
      publicUrl: undefined,
      checks,
      webhooks: async () => WEBHOOKS,
      documents: { links: DOCUMENTS, printer: this.printer },
      partner: {
        store: this.store,
        authenticate: apiKeyAuthentication(this.store, { failures, request_rate }, clock),
        payloadOf: contentOf,
        ...QUOTES,
        openOffers,
        clock,
      },
      log: { info: say, warn: say, error: say },
    });
  }

  async addAccount(
    name: string,
    more: Partial<Pick<Account, 'modes' | 'integrations'>> = {},
  ): Promise<Account> {
    const account = { name, modes: ['test', 'live'] as const, integrations: [], keys: [], now: NOW, ...more };
    const added = await this.store.addAccount(account);
    if (!added.ok) throw new Error(added.message);
    return added.value;
  }

  /** The text of a new key. */
  async addKey({ id }: Account, mode: Mode, expires_at?: number): Promise<string> {
    const { text, proof } = newApiKey(mode, randomBytes);
    await this.store.addApiKey(id, { ...proof, expires_at }, NOW);
    return text;
  }

  /** With this site's test key, unless other headers are given. */
  fetch(path: string, { headers, ...init }: RequestInit = {}): Promise<Response> {
    const withKey = headers ?? { authorization: `Bearer ${this.key}` };
    return fetch(`http://127.0.0.1:${this.server.port}${path}`, { ...init, headers: withKey });
  }

  async remove(): Promise<void> {
    await this.server.close();
    await this.printer.stop();
    await this.store.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
