import { linksFrom } from '../../src/domain/links.ts';

const SIGNED = { key: new Uint8Array(32), validity: 7 * 24 * 3_600_000 };

/** Those of a server at that address, made at one instant, so that what holds them can be compared. */
export function linksAt(base = 'https://policies.example', now = Date.UTC(2026, 10, 23, 9, 16)) {
  return linksFrom(base, SIGNED, () => now);
}
