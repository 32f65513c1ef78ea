import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { banded, single } from './shipped.ts';
import { travel } from './travel.ts';

const SRC = new URL('../../src/', import.meta.url);
const USUAL = ['first_name', 'last_name', 'email', 'language', 'data', 'quote', 'policy', '*', '0'];

test('the code knows nothing of any product: neither its ids nor its insurer nor its fields', () => {
  const names = [banded, single, travel].flatMap(
    ({ fields, id, product_id, item_id, subscription_plan_id }) => [
      ...fields
        .flatMap(({ path }) => path.split('.'))
        .filter((name) => !USUAL.includes(name) && name.includes('_')),
      ...[id, product_id, item_id, subscription_plan_id],
    ],
  );
  const known = new RegExp(`ticketplan|\\b(${[...new Set(names)].join('|')})\\b`, 'i');
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const guilty = files.filter((name) => known.test(readFileSync(new URL(name, SRC), 'utf8')));
  expect(files.length).toBeGreaterThan(100);
  expect(guilty).toEqual([]);
});
