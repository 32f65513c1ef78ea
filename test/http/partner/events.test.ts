import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Endpoint } from '../../../src/domain/endpoint.ts';
import { EVENT_TYPES } from '../../../src/domain/event.ts';
import { contentOf } from '../../../src/webhooks/bodies.ts';
import { type AStore, NOW, purchase, rejection } from '../../store/a-store.ts';
import { AFeed, type Page } from './a-feed.ts';

let feed: AFeed;
const kept = (): AStore => feed.kept;

beforeEach(async () => {
  feed = await AFeed.start();
});

afterEach(() => feed.remove());

const idsOf = (pages: Page[]) => pages.flatMap(({ events }) => events.map(({ id }) => id));

/** A file of five rows, two of them bad: six events. */
async function anImport(name = 'tickets.csv', mode: 'test' | 'live' = 'test'): Promise<void> {
  const claim = await kept().claim(name, NOW, mode);
  const key = (i: number) => `${name}-${i}`;
  await kept().commit(claim, [purchase(1, key(1)), purchase(2, key(2)), rejection(3, key(3))]);
  await kept().commit(claim, [purchase(4, key(4)), rejection(5, key(5))], 3);
  await kept().store.completeImport(kept().end(claim));
}

describe('the feed of events', () => {
  test('has the ids and payloads that webhooks send, in the order of their commits', async () => {
    const endpoint: Endpoint = await kept().subscribe();
    await anImport();
    const sent = (await kept().deliveries()).flatMap(({ events }) => events);
    expect(endpoint.events).toEqual(EVENT_TYPES);
    const page = await feed.page();
    expect(page.events.map(({ type }) => type)).toEqual([
      ...['policy.rejected', 'policy.created', 'policy.created'],
      ...['policy.rejected', 'policy.created'],
      'import.completed',
    ]);
    const byId = new Map(sent.map((event) => [event.id as string, event]));
    for (const { id, type, timestamp, data } of page.events) {
      const event = byId.get(id);
      expect(event?.type).toBe(type);
      expect(timestamp).toBe(new Date(NOW).toISOString());
      expect(event && JSON.parse(JSON.stringify(contentOf(event, feed.links)))).toEqual(data);
    }
    expect(byId.size).toBe(page.events.length);
  });

  test.each([1, 2, 3, 5, 6, 7])('is the same in pages of %i', async (limit) => {
    await anImport();
    const whole = await feed.page();
    const pages = await feed.pages({ limit });
    expect(idsOf(pages)).toEqual(idsOf([whole]));
    expect(pages.every(({ events }) => events.length <= limit)).toBe(true);
    expect(pages.at(-1)?.after).toBe(whole.after);
  });

  test.each([1, 2, 3])(
    'is the same in pages of %i when another account has events between',
    async (limit) => {
      const other = await kept().anotherAccount('other');
      for (let i = 0; i < 6; i++) {
        const now = NOW + i * 1_000;
        const name = `tickets-${i}.csv`;
        await kept().dropped(name, now, now, 'test', i % 2 === 0 ? kept().account : other);
        const claim = await kept().store.claimImport(30_000, now);
        if (!claim) throw new Error('nothing to claim');
        await kept().commit(claim, [purchase(1, `${name}-1`), purchase(2, `${name}-2`)], 0, now);
        await kept().store.completeImport(kept().end(claim, now));
      }
      const whole = await feed.page();
      expect(whole.events).toHaveLength(9);
      const pages = await feed.pages({ limit });
      expect(idsOf(pages)).toEqual(idsOf([whole]));
      expect(pages.at(-1)?.after).toBe(whole.events.at(-1)?.id);
    },
  );

  test('goes on after the last event, and shows nothing twice and skips nothing while imports commit', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    const poll = async () => {
      const page: Page = await feed.page({ limit: 4, ...(after !== null && { after }) });
      seen.push(...idsOf([page]));
      after = page.after;
      return page;
    };
    let importing = true;
    const imports = (async () => {
      for (let i = 0; i < 10; i++) await anImport(`tickets-${i}.csv`);
      importing = false;
    })();
    while (importing) await poll();
    await imports;
    while ((await poll()).has_more);
    expect(seen).toHaveLength(60);
    expect(seen).toEqual(idsOf(await feed.pages({ limit: 1_000 })));
    expect(await poll()).toEqual({ events: [], after: seen.at(-1), has_more: false });
  });

  test('can be asked for some types only; the place moves on all the same', async () => {
    await anImport();
    const some = await feed.page({ type: ['policy.rejected', 'import.completed'] });
    expect(some.events.map(({ type }) => type)).toEqual([
      'policy.rejected',
      'policy.rejected',
      'import.completed',
    ]);
    const none = await feed.page({ type: 'import.held' });
    expect(none).toEqual({ events: [], after: some.after, has_more: false });
  });

  test('is of one account and mode', async () => {
    await anImport();
    await anImport('live.csv', 'live');
    const test = await feed.page();
    const live = await feed.page({}, await feed.addKey('live'));
    expect([test.events.length, live.events.length]).toEqual([6, 6]);
    expect(idsOf([live]).filter((id) => idsOf([test]).includes(id))).toEqual([]);
    const { status, body } = await feed.get(`?after=${live.after}`);
    expect([status, body['message']]).toEqual([400, expect.stringContaining('There is no event')]);
  });

  test.each([
    ['?after=evt_0', 'There is no event evt_0'],
    ['?after=evt_019ab0000001f000000000000001', 'There is no event'],
    ['?after=', 'There is no event'],
    ['?after=a&after=b', 'Give "after" once'],
    ['?limit=0', 'from 1 to 1000'],
    ['?limit=1001', 'from 1 to 1000'],
    ['?limit=many', 'from 1 to 1000'],
    ['?type=policy.creatd', 'There is no event "policy.creatd"'],
    ['?afer=evt_0', 'There is no "afer" here'],
  ])('refuses %s, and says why', async (query, message) => {
    await anImport();
    const { status, body } = await feed.get(query);
    expect([status, body['message']]).toEqual([400, expect.stringContaining(message)]);
  });

  test('is for those who have a key', async () => {
    expect((await feed.get('', 'sk_test_none')).status).toBe(401);
  });

  test('is empty where nothing has happened', async () => {
    expect(await feed.page()).toEqual({ events: [], after: null, has_more: false });
  });
});
