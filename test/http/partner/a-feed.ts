import { randomBytes } from 'node:crypto';
import { startPrinter } from '../../../src/document/printer.ts';
import { newApiKey } from '../../../src/domain/api-key.ts';
import type { Links } from '../../../src/domain/links.ts';
import type { Mode } from '../../../src/domain/mode.ts';
import { apiKeyAuthentication } from '../../../src/http/authentication/api-key.ts';
import { type HttpServer, startHttp } from '../../../src/http/server.ts';
import { contentOf } from '../../../src/webhooks/bodies.ts';
import { AStore, NOW } from '../../store/a-store.ts';
import { DOCUMENTS, QUOTES, WEBHOOKS } from '../a-site.ts';

export type Page = {
  events: { id: string; type: string; timestamp: string; data: Record<string, unknown> }[];
  after: string | null;
  has_more: boolean;
};
type Query = { after?: string; limit?: number; type?: string | string[] };

/** The feed over HTTP, of a store in which tests commit chunks. */
export class AFeed {
  readonly kept: AStore;
  #server!: HttpServer;
  #key = '';

  private constructor(kept: AStore) {
    this.kept = kept;
  }

  static async start(): Promise<AFeed> {
    const feed = new AFeed(await AStore.open());
    const { store } = feed.kept;
    const clock = () => NOW;
    const quiet = () => {};
    feed.#server = await startHttp({
      host: '127.0.0.1',
      port: 0,
      proxies: [],
      publicUrl: undefined,
      checks: {},
      webhooks: async () => WEBHOOKS,
      documents: { links: DOCUMENTS, printer: startPrinter() },
      partner: {
        store,
        authenticate: apiKeyAuthentication(store, { failures: 20, request_rate: 100 }, clock),
        payloadOf: contentOf,
        ...QUOTES,
        openOffers: 100,
        clock,
      },
      log: { info: quiet, warn: quiet, error: quiet },
    });
    feed.#key = await feed.addKey('test');
    return feed;
  }

  get links(): Links {
    return this.#server.links;
  }

  get url(): string {
    return this.#server.publicUrl;
  }

  async addKey(mode: Mode): Promise<string> {
    const { text, proof } = newApiKey(mode, randomBytes);
    await this.kept.store.addApiKey(this.kept.account.id, proof, NOW);
    return text;
  }

  async get(query: string, key = this.#key): Promise<{ status: number; body: Record<string, unknown> }> {
    const headers = { authorization: `Bearer ${key}` };
    const response = await fetch(`${this.url}/api/v1/events${query}`, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async page(query: Query = {}, key = this.#key): Promise<Page> {
    const params = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      for (const one of [value].flat()) params.append(name, String(one));
    const { status, body } = await this.get(`?${params}`, key);
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body as Page;
  }

  /** From the oldest event to the last that there is. */
  async pages(query: Query): Promise<Page[]> {
    const pages = [await this.page(query)];
    for (let last = pages[0]; last?.has_more; last = pages.at(-1))
      pages.push(await this.page({ ...query, ...(last.after !== null && { after: last.after }) }));
    return pages;
  }

  async remove(): Promise<void> {
    await this.#server.close();
    await this.kept.remove();
  }
}
