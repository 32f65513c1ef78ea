import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { banded, single } from './shipped.ts';
import { travel } from './travel.ts';

const SRC = new URL('../../src/', import.meta.url);
const EXAMPLES = 'http/partner/'; // the docs of the API show a purchase
const USUAL = ['first_name', 'last_name', 'email', 'language', 'data', 'quote', 'policy', '*'];

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (name) => name.endsWith('.ts') && !name.startsWith(EXAMPLES),
);
const products = [banded, single, travel];
const fields = products.flatMap((one) => one.fields.flatMap(({ path }) => path.split('.')));

/** What of `names` stands in the code of a file, comments aside. */
function namedIn(name: string, names: readonly string[]): string[] {
  const code = readFileSync(new URL(name, SRC), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
  const found = new RegExp(`\\b(${[...new Set(names)].join('|')})\\b`, 'i').exec(code);
  return found ? [`${found[0]} in ${name}`] : [];
}

test('the code knows no field of any product, and no insurer', () => {
  const names = fields.filter((name) => name.includes('_') && !USUAL.includes(name));
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap((file) => namedIn(file, ['ticketplan', ...names]))).toEqual([]);
});

test('the code knows no id of any product', () => {
  const ids = products.flatMap((one) => [one.id, one.product_id, one.item_id, one.subscription_plan_id]);
  expect(files.flatMap((file) => namedIn(file, ids))).toEqual([]);
});
