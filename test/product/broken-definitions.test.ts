import { describe, expect, test } from 'vitest';
import { readProduct } from '../../src/product/read-product.ts';
import { TEXT } from './shipped.ts';

/** What is said of the shipped definition after a change to its text. */
function said(from: string | RegExp, to: string): string[] {
  const changed = TEXT.replace(from, to);
  expect(changed).not.toBe(TEXT);
  return saidOf(changed);
}

function saidOf(text: string): string[] {
  const read = readProduct(text, 'product.yaml');
  return read.ok ? [] : read.message.split('\n');
}

const SPORTS_ROW = '{ up_to: 1000, when: { sports_inclusion: true }, net: 381 }';
const LAST_ROW = '{ up_to: 100000, net: 34560 }';

describe('a definition is refused, with file, place and remedy, that', () => {
  test.each<[string, string | RegExp, string, string]>([
    ['has no tariff', /^tariff:/m, 'tarif:', 'the definition: "tariff" is missing'],
    [
      'misspells a part',
      /^tariff:/m,
      'tarif:',
      'the definition: there is no "tarif" here: correct its name or remove it',
    ],
    [
      'has a tax of nineteen',
      '"0.19"',
      '"19"',
      'premium_tax: write a share in quotes, with at most four decimals, as in "0.19"',
    ],
    [
      'has a tax without quotes',
      '"0.19"',
      '0.19',
      'premium_tax: write a share in quotes, with at most four decimals, as in "0.19"',
    ],
    ['has a small currency', 'EUR', 'eur', 'currency: write three capital letters, as in EUR'],
    [
      'numbers no policies',
      'TR-{number}',
      'TR-1',
      'policy_number: write letters, digits, - and /, and {number} at the end, as in TR-{number}',
    ],
    ['has half a cent', 'net: 1728 }', 'net: 1728.5 }', 'tariff.table.7.net: write cents, 0 to 100000000'],
    [
      'misspells a keyword',
      'maxLength: 200',
      'maxLenght: 200',
      'policy.properties.first_name: there is no "maxLenght" here: correct its name or remove it',
    ],
    [
      'names an unknown format',
      'format: email',
      'format: mail',
      'policy.properties.email.format: write one of date, email, language',
    ],
    [
      'has a pattern that is none',
      '"^[A-Za-z0-9/-]+$"',
      '"^[A-Z"',
      'policy.properties.data.properties.order_number.pattern: write a regular expression',
    ],
    [
      'numbers elements by a pattern that is none',
      '"^([0-9]|[1-4][0-9])$"',
      '"^([0-9]"',
      'modules.banded.quote.properties.protected_element.patternProperties.^([0-9]: write a regular expression',
    ],
    [
      'lets other fields pass',
      'additionalProperties: false',
      'additionalProperties: true',
      'modules.banded.quote.additionalProperties: write false: other fields are refused',
    ],
    [
      'has a field that no column can name',
      'order_number:\n',
      '"order.number":\n',
      'policy.properties.data.properties: the name "order.number" cannot be used',
    ],
    [
      'has a poisonous field',
      'order_currency:',
      'constructor:',
      'policy.properties.data.properties: the name "constructor" cannot be used',
    ],
    [
      'rates a leaf that is not there',
      'rated: protected_element.*.price',
      'rated: element.*.price',
      'modules.banded.rated: the quote has no required whole number element.*.price',
    ],
    [
      'rates a leaf that may be missing',
      'required: [price]',
      'required: []',
      'modules.banded.rated: the quote has no required whole number protected_element.*.price',
    ],
    [
      'begins cover with what is no date',
      'start: quote.data.policy_start_date',
      'start: policy.email',
      'period_of_cover: policy.email is no required date of module banded',
    ],
    [
      'ends cover with a date that may be missing',
      '        - event_end_date\n',
      '',
      'period_of_cover: policy.data.event_end_date is no required date of module banded',
    ],
    [
      'sells two modules under one integration',
      'in_f6e5410024f0484461bcc550e58a5',
      'in_41c2f22d51612f04ee2c48eca3dc0',
      "modules.single.integration: in_41c2f22d51612f04ee2c48eca3dc0 is another module's",
    ],
    [
      'knows no surname',
      'required: [first_name, last_name,',
      'required: [first_name,',
      'policy.properties: last_name must be there, of type string and required',
    ],
    [
      'has a condition on a field that is not there',
      SPORTS_ROW,
      SPORTS_ROW.replace('sports', 'sport'),
      'tariff.table.0.when: sport_inclusion can never be so in a quote of module banded',
    ],
    [
      'has a condition on a value that never comes',
      SPORTS_ROW,
      SPORTS_ROW.replace('true', '"yes"'),
      'tariff.table.0.when: sports_inclusion can never be so in a quote of module banded',
    ],
    [
      'has a row behind a wider one',
      LAST_ROW,
      `${LAST_ROW}\n    - { up_to: 500, net: 100 }`,
      'tariff.table.20: never used, as row 1 comes first and fits as well',
    ],
    [
      'has a price and then the same with sports',
      LAST_ROW,
      `${LAST_ROW}\n    - { up_to: 100000, when: { sports_inclusion: false }, net: 1 }`,
      'tariff.table.20: never used, as row 19 comes first and fits as well',
    ],
    [
      'requires a field that is not there',
      'required: [first_name,',
      'required: [title, first_name,',
      'the schema of policy: strict mode: required property "title" is not defined at "#" (strictRequired)',
    ],
  ])('%s', (_what, from, to, message) => {
    expect(said(from, to)).toContain(`product.yaml: ${message}`);
  });

  test.each<[string, string, RegExp]>([
    ['is empty', '', /^product\.yaml: the definition: write the parts of a definition/],
    ['is a list', '- 1', /^product\.yaml: the definition: write the parts of a definition/],
    ['is not YAML', 'a: [', /^product\.yaml: this is neither YAML nor JSON: .*at line 1, column 5/],
    [
      'says a part twice',
      `${TEXT}\nid: pr_2\n`,
      /neither YAML nor JSON: Map keys must be unique at line \d+/,
    ],
    ['refers to nothing', 'a: *b', /neither YAML nor JSON: Unresolved alias/],
    ['is nested without end', '['.repeat(200_000), /neither YAML nor JSON/],
    ['grows by aliases', bomb(), /neither YAML nor JSON: Excessive alias count/],
    ['is longer than any product', `# ${'x'.repeat(1_000_000)}`, /it is longer than 1000000 characters/],
  ])('%s', (_what, text, message) => {
    expect(saidOf(text).join('\n')).toMatch(message);
  });

  test('is wrong in several places, with all of them', () => {
    const changed = TEXT.replace('EUR', 'eur').replace('"0.19"', '"19"').replace('net: 346', 'net: -1');
    expect(saidOf(changed).map((line) => line.split(': ')[1])).toEqual([
      'currency',
      'premium_tax',
      'tariff.table.1.net',
    ]);
  });
});

test('an object that says nothing of other fields is one mistake', () => {
  expect(
    said(/policy:\n {2}type: object\n {2}additionalProperties: false/, 'policy:\n  type: object'),
  ).toEqual(['product.yaml: policy: "additionalProperties" is missing']);
});

test('a definition may be JSON', () => {
  const read = readProduct(TEXT, 'product.yaml');
  const json = JSON.stringify(read.ok && read.value);
  expect(readProduct(json, 'product.json')).toEqual(read);
});

/** A few lines that stand for a billion values. */
function bomb(): string {
  const lines = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(10)}]`);
  return ['a0: &a0 x', ...lines].join('\n');
}
