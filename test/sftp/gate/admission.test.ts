import { beforeEach, describe, expect, test } from 'vitest';
import { MOST_SOURCES, plainAddress, Sources, sourceOf } from '../../../src/domain/source.ts';
import { createAdmission, type Place } from '../../../src/sftp/gate/admission.ts';
import { defaultLimits } from '../some-limits.ts';

let now = 0;

beforeEach(() => {
  now = 1_700_000_000_000;
});

const admission = (limits = {}) =>
  createAdmission({ ...defaultLimits(), connection_rate: 1_000, ...limits }, () => now);

function places(
  count: number,
  enter: (number: number) => ReturnType<ReturnType<typeof admission>['enter']>,
): Place[] {
  return Array.from({ length: count }, (_, number) => {
    const place = enter(number);
    if (!place.ok) throw new Error(place.message);
    return place.value;
  });
}

describe('connections of one source', () => {
  test('are as many as the setting says, and one that leaves makes room for one', () => {
    const { enter } = admission({ connections_per_source: 3 });
    const [first] = places(3, () => enter('192.0.2.1'));
    expect(enter('192.0.2.1')).toMatchObject({
      ok: false,
      message: expect.stringContaining('sftp.connections_per_source'),
    });
    expect(enter('192.0.2.2').ok).toBe(true);
    first?.leave();
    first?.leave();
    expect(enter('192.0.2.1').ok).toBe(true);
    expect(enter('192.0.2.1').ok).toBe(false);
  });

  test('that have not logged in are fewer, and a login makes room', () => {
    const { enter } = admission({ startups_per_source: 2 });
    const [first] = places(2, () => enter('192.0.2.1'));
    expect(enter('192.0.2.1')).toMatchObject({
      message: expect.stringContaining('sftp.startups_per_source'),
    });
    first?.loggedIn();
    expect(enter('192.0.2.1').ok).toBe(true);
    first?.leave();
    expect(enter('192.0.2.1').ok).toBe(false);
  });
});

test('connections of all sources that have not logged in are limited', () => {
  const { enter } = admission({ startups: 3 });
  const [first] = places(3, (number) => enter(`192.0.2.${number}`));
  expect(enter('192.0.2.99')).toMatchObject({ message: expect.stringContaining('(sftp.startups)') });
  first?.leave();
  expect(enter('192.0.2.99').ok).toBe(true);
});

describe('the rate of one source', () => {
  const hurried = (enter: ReturnType<typeof admission>['enter']) => {
    let admitted = 0;
    for (const place = () => enter('192.0.2.1'); ; admitted++) {
      const one = place();
      if (!one.ok) return admitted;
      one.value.leave();
    }
  };

  test('allows five seconds’ worth at once, then as many a second as the setting says', () => {
    const { enter } = admission({ connection_rate: 10 });
    expect(hurried(enter)).toBe(50);
    expect(enter('192.0.2.1')).toMatchObject({
      code: 'too_fast',
      message: expect.stringContaining('sftp.connection_rate'),
    });
    now += 1_000;
    expect(hurried(enter)).toBe(10);
    now += 3_600_000;
    expect(hurried(enter)).toBe(50);
  });

  test('is not that of another', () => {
    const { enter } = admission({ connection_rate: 1 });
    hurried(enter);
    expect(enter('192.0.2.2').ok).toBe(true);
  });

  test('does not refuse for ever when the clock goes back', () => {
    const { enter } = admission({ connection_rate: 1 });
    hurried(enter);
    now -= 3_600_000;
    expect(enter('192.0.2.1').ok).toBe(false);
    now += 3_602_000;
    expect(enter('192.0.2.1').ok).toBe(true);
  });
});

describe('a source', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80::/64'],
    ['::1', '::/64'],
    ['', ''],
  ])('of %s is %s', (address, source) => {
    expect(sourceOf(plainAddress(address))).toBe(source);
  });

  test('is a whole IPv6 /64', () => {
    const { enter } = admission({ connections_per_source: 2 });
    places(2, (number) => enter(`2001:db8::${number}`));
    expect(enter('2001:db8::ffff:1').ok).toBe(false);
    expect(enter('2001:db8:0:1::1').ok).toBe(true);
  });
});

test('no more sources are remembered than a limit, and the one set longest ago goes first', () => {
  const sources = new Sources<number>();
  for (let number = 0; number < MOST_SOURCES; number++) sources.set(`source ${number}`, number);
  sources.set('source 0', 7);
  sources.set('one more', 1);
  expect(sources.size).toBe(MOST_SOURCES);
  expect([sources.get('source 0'), sources.get('source 1'), sources.get('one more')]).toEqual([
    7,
    undefined,
    1,
  ]);
});
