import { describe, expect, test } from 'vitest';
import { readProduct } from '../../../src/product/read-product.ts';
import { expectGolden } from '../../import/golden.ts';
import { TEXT } from '../shipped.ts';
import { BROKEN } from './broken-definitions.ts';

function saidOf(text: string): string[] {
  const read = readProduct(text, 'product.yaml');
  return read.ok ? [] : read.message.split('\n');
}

/** A message, and below it the line that it is about with a mark under the place. */
function shown(message: string, text: string): string {
  const [, line = '', column = ''] = /^product\.yaml:(\d+):(\d+): /.exec(message) ?? [];
  const start = Math.max(0, Number(column) - 60);
  const about = text.split('\n')[Number(line) - 1] ?? '';
  return `${message}\n    ${about.slice(start, start + 110)}\n    ${' '.repeat(Number(column) - 1 - start)}^\n`;
}

test('every broken definition is told what is wrong, where, and what to write', () => {
  const told = BROKEN.map(
    ({ what, text }) =>
      `# ${what}\n${saidOf(text)
        .map((one) => shown(one, text))
        .join('')}`,
  );
  expectGolden('../product/broken-definitions.txt', told.join('\n'));
});

test('there are many of them, each wrong in a way of its own, and all are refused with a place', () => {
  expect(new Set(BROKEN.map(({ what }) => what)).size).toBe(BROKEN.length);
  expect(BROKEN.length).toBeGreaterThanOrEqual(30);
  for (const { what, text } of BROKEN) {
    const messages = saidOf(text);
    expect(messages, what).not.toEqual([]);
    for (const message of messages) expect(message, what).toMatch(/^product\.yaml:\d+:\d+: \S/);
  }
});

describe('a definition is refused that', () => {
  test.each<[string, string, RegExp]>([
    ['is nested without end', '['.repeat(200_000), /neither YAML nor JSON/],
    ['grows by aliases', bomb(), /neither YAML nor JSON: Excessive alias count/],
    ['is longer than any product', `# ${'x'.repeat(1_000_000)}`, /it is longer than 1000000 characters/],
    ['names a type of YAML that runs code', 'a: !!js/function "() => 1"', /"id" is missing/],
  ])('%s', (_what, text, message) => {
    expect(saidOf(text).join('\n')).toMatch(message);
  });

  test('is wrong in several places, with all of them in the order of the file', () => {
    const changed = TEXT.replace('EUR', 'eur').replace('"0.19"', '"19"').replace('net: 346', 'net: -1');
    expect(saidOf(changed).map((line) => line.split(': ')[1])).toEqual([
      'currency',
      'premium_tax',
      'tariff.table.1.net',
    ]);
  });
});

test('a definition may be JSON', () => {
  const read = readProduct(TEXT, 'product.yaml');
  const json = JSON.stringify(read.ok && read.value, undefined, 2);
  expect(readProduct(json, 'product.json')).toEqual(read);
  const wrong = readProduct(json.replace('"EUR"', '"eur"'), 'product.json');
  expect(wrong).toMatchObject({ message: expect.stringMatching(/^product\.json:\d+:15: currency: /) });
});

/** A few lines that stand for a billion values. */
function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]`);
  return ['a0: &a0 x', ...lines].join('\n');
}
