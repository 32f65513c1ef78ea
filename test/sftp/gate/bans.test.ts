import { beforeEach, expect, test } from 'vitest';
import { MOST_SOURCES } from '../../../src/domain/source.ts';
import { createBans, type Failure } from '../../../src/sftp/gate/bans.ts';
import { defaultLimits } from '../some-limits.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let now = 0;

beforeEach(() => {
  now = 1_700_000_000_000;
});

const bans = (limits = {}) => createBans({ ...defaultLimits(), ...limits }, () => now);

/** Fails until it is banned; how often, and for how many ms. */
function untilBanned({ failed }: ReturnType<typeof bans>, failure: Failure, address = '192.0.2.1') {
  for (let times = 1; times <= 100; times++) {
    const until = failed(address, failure);
    if (until !== undefined) return { times, ms: until - now };
  }
  return undefined;
}

test.each([
  ['unknown_user', 8],
  ['refused_login', 15],
  ['no_login', 15],
  ['flood', 15],
] as const)('a source with nothing but %s is banned the %ith time', (failure, times) => {
  const all = bans();
  expect(untilBanned(all, failure)).toEqual({ times, ms: 30 * MINUTE });
  expect(all.until('192.0.2.1')).toBe(now + 30 * MINUTE);
  expect(all.until('192.0.2.2')).toBeUndefined();
});

test('a ban ends', () => {
  const all = bans({ ban: 1_000 });
  untilBanned(all, 'unknown_user');
  now += 999;
  expect(all.until('192.0.2.1')).toBeDefined();
  now += 1;
  expect(all.until('192.0.2.1')).toBeUndefined();
});

test('each ban is half as long again as the one before, up to a day', () => {
  const all = bans();
  const hours: number[] = [];
  for (let count = 0; count < 15; count++) {
    const { ms = 0 } = untilBanned(all, 'unknown_user') ?? {};
    hours.push(ms / HOUR);
    now += ms;
  }
  expect(hours.slice(0, 4)).toEqual([0.5, 0.75, 1.125, 1.6875]);
  expect(hours.slice(-2)).toEqual([24, 24]);
});

test('a day of quiet after a ban makes the next one the first again', () => {
  const all = bans();
  const { ms = 0 } = untilBanned(all, 'unknown_user') ?? {};
  now += ms + 24 * HOUR + 1;
  expect(untilBanned(all, 'unknown_user')).toEqual({ times: 8, ms: 30 * MINUTE });
});

test('a score falls with time: one wrong key in two minutes never leads to a ban', () => {
  const { failed } = bans();
  for (let times = 0; times < 1_000; times++) {
    expect(failed('192.0.2.1', 'refused_login')).toBeUndefined();
    now += 2 * MINUTE;
  }
});

test('what fails during a ban does not make it longer', () => {
  const all = bans();
  untilBanned(all, 'unknown_user');
  const until = all.until('192.0.2.1');
  now += MINUTE;
  expect(untilBanned(all, 'unknown_user')).toBeUndefined();
  expect(all.until('192.0.2.1')).toBe(until);
});

test('an IPv6 source is its /64', () => {
  const all = bans();
  untilBanned(all, 'unknown_user', '2001:db8::1');
  expect(all.until('2001:db8::2')).toBeDefined();
  expect(all.until('2001:db8:0:1::1')).toBeUndefined();
});

test('networks that are never banned are not, of either family', () => {
  const all = bans({ never_ban: ['192.0.2.0/24', '2001:db8::/32'] });
  expect(untilBanned(all, 'unknown_user', '192.0.2.1')).toBeUndefined();
  expect(untilBanned(all, 'unknown_user', '2001:db8::1')).toBeUndefined();
  expect(untilBanned(all, 'unknown_user', '198.51.100.1')).toBeDefined();
});

test('a ban of no time bans nobody', () => {
  expect(untilBanned(bans({ ban: 0 }), 'unknown_user')).toBeUndefined();
});

test('a ban longer than a day may be configured', () => {
  const all = bans({ ban: 48 * HOUR });
  expect(untilBanned(all, 'unknown_user')).toMatchObject({ ms: 48 * HOUR });
  now += 48 * HOUR;
  expect(untilBanned(all, 'unknown_user')).toMatchObject({ ms: 48 * HOUR });
});

test('sources beyond a limit are forgotten, so that memory does not grow with them', () => {
  const all = bans();
  untilBanned(all, 'unknown_user', '192.0.2.1');
  for (let number = 0; number < MOST_SOURCES; number++)
    all.failed(`10.0.${number >> 8}.${number & 255}`, 'no_login');
  expect(all.until('192.0.2.1')).toBeUndefined();
});
