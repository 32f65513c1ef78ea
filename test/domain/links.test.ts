import { expect, test } from 'vitest';
import type { PolicyId } from '../../src/domain/ids.ts';
import { linksFrom, standingOf } from '../../src/domain/links.ts';

const KEY = new Uint8Array(32);
const NOW = Date.UTC(2026, 10, 25) + 250;
const ID = 'tpol_1' as PolicyId;
const links = linksFrom('https://policies.example', { key: KEY, validity: 60_000 }, () => NOW);

function partsOf(href: string) {
  const url = new URL(href);
  const of = (name: string) => url.searchParams.get(name) ?? '';
  return { id: url.pathname.split('/')[2] ?? '', expires: of('expires'), signature: of('signature') };
}

test('a link to a document holds for its time, rounded up to a second', () => {
  const link = partsOf(links.certificate(ID));
  expect(standingOf(link, KEY, NOW)).toBe('good');
  expect(standingOf(link, KEY, NOW + 60_000)).toBe('good');
  expect(standingOf(link, KEY, NOW + 61_000)).toBe('expired');
});

test.each([
  ['another policy', { id: 'tpol_2' }],
  ['a later expiry', { expires: '9999999999' }],
  ['no expiry', { expires: '' }],
  ['no signature', { signature: '' }],
  ['another signature', { signature: 'x'.repeat(43) }],
])('%s makes it a link of somebody else’s', (_what, change) => {
  expect(standingOf({ ...partsOf(links.certificate(ID)), ...change }, KEY, NOW)).toBe('forged');
});

test('another key makes no link that holds here', () => {
  expect(standingOf(partsOf(links.certificate(ID)), new Uint8Array(32).fill(1), NOW)).toBe('forged');
});
