// What every store must do, whatever database it stands on; each database's test runs it.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AStore, NOW } from './a-store.ts';
import { accountContract } from './contract/accounts.ts';
import { apiKeyContract } from './contract/api-keys.ts';
import { chunkContract } from './contract/chunks.ts';
import { deliveryContract } from './contract/deliveries.ts';
import { endpointContract } from './contract/endpoints.ts';
import { eventContract } from './contract/events.ts';
import { lifeContract } from './contract/lives.ts';
import { offerContract } from './contract/offers.ts';
import { operatorContract } from './contract/operator.ts';
import { processedFileContract } from './contract/processed-files.ts';
import { replayContract } from './contract/replays.ts';
import { trialContract } from './contract/trials.ts';
import { uploadContract } from './contract/uploads.ts';

export function storeContract(): void {
  let one: AStore;

  beforeEach(async () => {
    one = await AStore.open();
  });

  afterEach(() => one.remove());

  describe('an account', () => accountContract(() => one));
  describe('an API key', () => apiKeyContract(() => one));
  describe('a chunk', () => chunkContract(() => one));
  describe('an endpoint', () => endpointContract(() => one));
  describe('events', () => eventContract(() => one));
  describe('an offer', () => offerContract(() => one));
  describe("a policy's life", () => lifeContract(() => one));
  describe('deliveries', () => deliveryContract(() => one));
  describe('a replay', () => replayContract(() => one));
  describe('an upload', () => uploadContract(() => one));
  describe('a processed file', () => processedFileContract(() => one));
  describe('a trial', () => trialContract(() => one));

  describe('an operator', () => operatorContract(() => one));

  test('a product whose definition differs becomes its next version', async () => {
    const publish = (definition: string) =>
      one.store.publishProduct({
        product_id: 'pr_1',
        definition,
        currency: 'EUR',
        policy_number: '{number}',
        now: NOW,
      });
    expect(await publish('{}')).toMatchObject({ version: 1 });
    expect(await publish('{"a":1}')).toMatchObject({ version: 2 });
    expect(await one.store.products()).toEqual([{ product_id: 'pr_1', version: 2, definition: '{"a":1}' }]);
    expect(await one.store.product('pr_1', 1)).toEqual({ product_id: 'pr_1', version: 1, definition: '{}' });
    expect(await one.store.product('pr_1', 3)).toBeUndefined();
    const first = await one.store.edition(1);
    expect(first).toMatchObject({ number: 1, products: [{ version: 1 }] });
    expect(await one.store.edition()).toMatchObject({ number: 2, products: [{ version: 2 }] });
    expect(await one.store.edition(0)).toEqual({ number: 0, products: [] });
  });
}
