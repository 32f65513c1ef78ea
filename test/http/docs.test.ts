import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { HTTP_LIMITS } from '../../src/http/limits.ts';

const PAGE = readFileSync(new URL('../../docs/rest.md', import.meta.url), 'utf8');

test('docs/rest.md has every limit as it is', () => {
  const rows = [...PAGE.matchAll(/^\| `(\w+)` \| (\d+)( s)? \|/gm)];
  const told = rows.map(([, name, value, seconds]) => [name, Number(value) * (seconds ? 1000 : 1)]);
  expect(Object.fromEntries(told)).toEqual(HTTP_LIMITS);
});
