import { describe, expect, test } from 'vitest';
import { bodyOf } from '../../src/webhooks/bodies.ts';
import { expectGolden } from '../import/golden.ts';
import { EVENTS } from './events.ts';
import { linksAt } from './links.ts';

const body = (event: Parameters<typeof bodyOf>[0]) => JSON.parse(bodyOf(event, linksAt()));

describe('the body of an event', () => {
  test.each(Object.values(EVENTS))('$type is what receivers were promised', (event) => {
    expectGolden(`../webhooks/${event.type}.json`, `${JSON.stringify(body(event), null, 2)}\n`);
  });

  test('says whether it is live', () => {
    const live = {
      ...EVENTS['policy.created'],
      policy: { ...EVENTS['policy.created'].policy, mode: 'live' },
    };
    expect(body(live as typeof live & { policy: { mode: 'live' } }).livemode).toBe(true);
    expect(body({ ...EVENTS['import.completed'], mode: 'live' }).livemode).toBe(true);
    expect(body(EVENTS['import.completed']).livemode).toBe(false);
  });

  test('of a file that was rejected before it was read says null, and keeps every field', () => {
    const { 'import.rejected': event } = EVENTS;
    const unread = { ...event.import, sha256: undefined, started_at: undefined };
    expect(body({ ...event, import: unread })).toMatchObject({ sha256: null, started_at: null });
  });

  test('of a rejected row names all that is wrong in its message', () => {
    const { message, errors } = body(EVENTS['policy.rejected']);
    expect(message.split('; ')).toEqual(errors.map((error: { message: string }) => error.message));
  });

  test('keeps a partner’s metadata as it is, whatever it is called', () => {
    const { 'policy.created': event } = EVENTS;
    const metadata = JSON.parse('{"__proto__": "x", "id": "not ours", "a\\"b\\u2028": {"c": true}}');
    const sent = body({ ...event, policy: { ...event.policy, metadata } });
    expect(JSON.stringify(sent.metadata)).toBe(JSON.stringify(metadata));
    expect(sent.id).toBe(event.policy.id);
  });
});
