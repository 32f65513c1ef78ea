import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { idOf, NOW, ROOM } from '../store/a-store.ts';
import { ASite, arrived, idsOf } from './a-site.ts';

let site: ASite;
beforeEach(async () => {
  site = await ASite.open();
});
afterEach(() => site.close());

describe('a crash', () => {
  test('before an attempt is recorded repeats the delivery when the claim is over, with the same id', async () => {
    const receiver = await site.endpoint();
    await site.policies(1);
    const [lost] = await site.store.claimDeliveries({ ...ROOM, lease: 60_000, now: site.now }); // and the process dies
    site.sender();
    site.now += 59_000;
    await sleep(600);
    expect(receiver.got).toEqual([]);
    site.now += 1_001;
    await site.recorded(1);
    expect(idsOf(receiver)).toEqual([lost && idOf(lost)]);
    await site.expectNothingLeft();
  });

  test('of the store is waited for: what was sent is recorded when it answers again', async () => {
    const receiver = await site.endpoint();
    await site.policies(2);
    let failures = 2;
    site.sender({
      recordAttempts: async (ended) => {
        if (failures-- > 0) throw new Error('disk full');
        return site.record(ended);
      },
    });
    await site.recorded(2);
    expect(receiver.got).toHaveLength(2);
    expect(site.logged.map(({ message }) => message)).toContain('webhooks wait for the store');
    await site.expectNothingLeft();
  });

  test('of the store at a claim is waited for', async () => {
    const receiver = await site.endpoint();
    await site.policies(1);
    let failures = 1;
    site.sender({
      claimDeliveries: async (claim) => {
        if (failures-- > 0) throw new Error('disk full');
        return site.store.claimDeliveries(claim);
      },
    });
    await site.recorded(1);
    expect(receiver.got).toHaveLength(1);
  });
});

describe('stopping', () => {
  test('waits for what is in flight and records it', async () => {
    let answer = () => {};
    const receiver = await site.endpoint((response) => {
      answer = () => response.writeHead(204).end();
    });
    await site.policies(1);
    const one = site.sender();
    await arrived(receiver, 1);
    const stopped = one.stop();
    answer();
    await stopped;
    expect(site.outcomes).toMatchObject([{ status: 204, problem: undefined }]);
    await site.expectNothingLeft();
  });

  test('waits no longer than an attempt may take', async () => {
    const receiver = await site.endpoint(() => {});
    await site.policies(1);
    const one = site.sender({}, { timeout: 300 });
    await arrived(receiver, 1);
    await one.stop();
    expect(site.outcomes).toMatchObject([
      { attempt: 1, problem: 'no answer within 0.3 s', retry_at: NOW + 60_000 },
    ]);
  });

  test('sends nothing more', async () => {
    const receiver = await site.endpoint();
    await site.sender().stop();
    await site.policies(1);
    await sleep(600);
    expect(receiver.got).toEqual([]);
  });

  test('twice is stopping once', async () => {
    const one = site.sender();
    await Promise.all([one.stop(), one.stop()]);
  });

  test('ends although the store is gone, and says that attempts will be repeated', async () => {
    const receiver = await site.endpoint();
    await site.policies(1);
    const one = site.sender({ recordAttempts: () => Promise.reject(new Error('disk full')) });
    await arrived(receiver, 1);
    await one.stop();
    expect(site.logged.map(({ message }) => message)).toContain(
      'attempts could not be recorded and will be repeated',
    );
  });
});
