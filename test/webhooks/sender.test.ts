import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeliveryStore } from '../../src/store/delivery-store.ts';
import { IN_FLIGHT, PER_ENDPOINT } from '../../src/webhooks/sender.ts';
import { purchase, rejection } from '../store/a-store.ts';
import type { AReceiver } from './a-receiver.ts';
import { ASite, idsOf } from './a-site.ts';

let site: ASite;
beforeEach(async () => {
  site = await ASite.open();
});
afterEach(() => site.close());

describe('the sender', () => {
  test('delivers every event of an import once, each with an id of its own', async () => {
    const receiver = await site.endpoint();
    const claim = await site.kept.claim();
    await site.kept.commit(claim, [purchase(1, 'a'), rejection(2), purchase(3, 'b')]);
    await site.store.completeImport({
      import: claim.import.id,
      epoch: claim.epoch,
      report_size: 1,
      rejected_size: 1,
      grace: 0,
      now: site.now,
    });
    site.sender();
    await site.recorded(4);
    expect(receiver.got.map(({ headers }) => headers['x-kasko-event']).sort()).toEqual([
      'import.completed',
      'policy.created',
      'policy.created',
      'policy.rejected',
    ]);
    expect(new Set(idsOf(receiver)).size).toBe(4);
    await site.expectNothingLeft();
  });

  test('delivers what happens while it runs, to every endpoint that wants it', async () => {
    const receivers = [await site.endpoint(), await site.endpoint()];
    site.sender();
    await site.policies(3);
    await site.recorded(6);
    for (const receiver of receivers) expect(receiver.got).toHaveLength(3);
    expect(idsOf(receivers[0] as AReceiver).sort()).toEqual(idsOf(receivers[1] as AReceiver).sort());
  });

  test('tries again at the time planned, with the same id and body', async () => {
    const receiver = await site.endpoint((response, count) =>
      response.writeHead(count < 3 ? 500 : 204).end(),
    );
    await site.policies(1);
    site.sender();
    await site.recorded(1);
    site.now += 4_999;
    await sleep(600); // two looks at the store
    expect(receiver.got).toHaveLength(1);
    site.now += 1;
    await site.recorded(2);
    site.now += 300_000;
    await site.recorded(3);
    expect(site.outcomes.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, 500],
      [2, 500],
      [3, 204],
    ]);
    expect(new Set(idsOf(receiver)).size).toBe(1);
    expect(new Set(receiver.got.map(({ body }) => body)).size).toBe(1);
    expect(site.tally).toEqual({ delivered: 1, failed: 2, given_up: 0 });
    await site.expectNothingLeft();
  });

  test('gives up after ten attempts, and says so', async () => {
    const receiver = await site.endpoint((response) => response.writeHead(500).end());
    await site.policies(1);
    site.sender();
    for (let attempt = 1; attempt <= 10; attempt++) {
      await site.recorded(attempt);
      site.now = site.outcomes.at(-1)?.retry_at ?? site.now;
    }
    await sleep(600);
    expect(receiver.got).toHaveLength(10);
    expect(site.logged.at(-1)).toMatchObject({
      message: 'a webhook was not delivered',
      fields: { attempt: 10, retry_at: 'never' },
    });
    await site.expectNothingLeft();
  });

  test('sends nothing more to an endpoint that answers 410, and says so', async () => {
    const receiver = await site.endpoint((response) => response.writeHead(410).end());
    await site.policies(1);
    site.sender();
    await site.recorded(1);
    await vi.waitFor(() =>
      expect(site.logged.at(-1)).toMatchObject({
        message: 'an endpoint is disabled',
        fields: { account: 'partner', problem: expect.stringContaining('410') },
      }),
    );
    await site.policies(3);
    site.now += 3_600_000;
    await sleep(600); // two looks at the store
    expect(receiver.got).toHaveLength(1);
  });

  test('logs ids and reasons, no secret and nothing of a person', async () => {
    await site.endpoint((response) => response.writeHead(500).end());
    await site.policies(1);
    site.sender();
    await site.recorded(1);
    expect(site.logged).toHaveLength(1);
    expect(site.logged[0]?.fields).toMatchObject({ attempt: 1, problem: 'it answered 500' });
    expect(JSON.stringify(site.logged)).not.toMatch(/whsec_|Malone|example\.com|127\.0\.0\.1/);
  });
});

describe('an endpoint that hangs', () => {
  test('delays no other, however much there is for it', async () => {
    const dead = await site.endpoint(() => {});
    const good = await site.endpoint();
    await site.policies(100);
    site.sender({}, { timeout: 60_000 });
    await site.recorded(100);
    expect(good.got).toHaveLength(100);
    expect(dead.got.length).toBeLessThanOrEqual(PER_ENDPOINT);
    await dead[Symbol.asyncDispose](); // hangs up, so that the sender's stop need not wait for a minute
  });

  test('does not fill the memory, however many of them there are', async () => {
    const endpoints = IN_FLIGHT / PER_ENDPOINT;
    for (let i = 0; i < endpoints; i++) {
      await site.addEndpoint(`http://dead${i}.example/`);
    }
    await site.policies(PER_ENDPOINT + 1);
    let claimed = 0;
    let claims = 0;
    const claimDeliveries: DeliveryStore['claimDeliveries'] = async (claim) => {
      claims++;
      const deliveries = await site.store.claimDeliveries(claim);
      claimed += deliveries.length;
      return deliveries;
    };
    site.sender({ claimDeliveries }, { timeout: 5_000, lookup: () => new Promise(() => {}) });
    await vi.waitFor(() => expect(claimed).toBe(IN_FLIGHT), { timeout: 20_000 });
    const claimsUntilThen = claims;
    await sleep(600); // two looks at the store
    expect(claims).toBe(claimsUntilThen);
    await site.recorded(IN_FLIGHT);
  });

  test('gets no more than sixteen requests at once', async () => {
    const slow = await site.endpoint(async (response) => {
      await sleep(30);
      response.writeHead(204).end();
    });
    await site.policies(100);
    site.sender();
    await site.recorded(100);
    expect(slow.mostOpen).toBeLessThanOrEqual(16);
    expect(slow.mostOpen).toBeGreaterThan(4);
    expect(new Set(idsOf(slow)).size).toBe(100);
  });
});
