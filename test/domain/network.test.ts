import { expect, test } from 'vitest';
import { isWithin, networkOf } from '../../src/domain/network.ts';

test.each([
  ['203.0.113.0/24', '203.0.113.0/24'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:db8::/32', '2001:db8::/32'],
  ['203.0.113.7', '203.0.113.7/32'],
  ['2001:db8::7', '2001:db8::7/128'],
])('%s is the network %s', (text, network) => {
  expect(networkOf(text)).toBe(network);
});

test.each([
  '',
  'localhost',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '10.0.0/8',
  '2001:db8::/129',
  'fe80::1%eth0/64',
  '10.*',
  '!10.0.0.1',
])('%j is no network', (text) => {
  expect(networkOf(text)).toBeUndefined();
});

test.each([
  ['203.0.113.0', true],
  ['203.0.113.255', true],
  ['203.0.114.0', false],
  ['::ffff:203.0.113.9', true],
  ['2001:db8::1', true],
  ['2001:db9::1', false],
  ['fe80::1%eth0', true],
  ['unknown', false],
  ['', false],
])('%s lies within: %s', (address, expected) => {
  expect(isWithin(address, ['203.0.113.0/24', '2001:db8::/32', 'fe80::/10'])).toBe(expected);
});

test('no network has no addresses', () => {
  expect(isWithin('10.0.0.1', [])).toBe(false);
});
