import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { MOST_ELEMENTS } from '../../src/product/definition/field-schema.ts';
import { RULES } from '../../src/product/definition/rule-schema.ts';
import { DEFINITION_SCHEMA } from '../../src/product/definition/schema.ts';
import { LONGEST_MATCHED, LONGEST_PATTERN } from '../../src/product/pattern.ts';
import { FACTS } from '../../src/product/placeholders.ts';
import { readProduct } from '../../src/product/read-product.ts';
import { HIGHEST_NET } from '../../src/product/tariff/tariff.ts';
import { TEXT } from './shipped.ts';

const PAGE = readFileSync(new URL('../../docs/product-author.md', import.meta.url), 'utf8');
const TRAVEL = readFileSync(new URL('../../examples/products/travel.yaml', import.meta.url), 'utf8');
const { tariff } = DEFINITION_SCHEMA.properties;

/** The names in the first column of the tables below a heading. */
function namesBelow(heading: string): string[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  );
}

/** The parts of a definition that the page shows as examples. */
const EXAMPLES = [...PAGE.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);

/** A definition with the example in place of its own part of that name. */
function withExample(definition: string, example: string): string {
  const [name = ''] = example.split('\n');
  const part = new RegExp(`^${name}.*?(?=^[#a-z]|(?![^]))`, 'ms');
  expect(definition).toMatch(part);
  return definition.replace(part, () => example);
}

describe('docs/product-author.md', () => {
  test('explains every part of a definition, and no other', () => {
    expect(namesBelow('The parts').sort()).toEqual(Object.keys(DEFINITION_SCHEMA.properties).sort());
  });

  test('explains every keyword that a field may have, and no other', () => {
    expect(namesBelow('Fields')).toEqual(Object.keys(DEFINITION_SCHEMA.$defs.field.properties));
  });

  test('explains every part of a tariff and of a rule, and no other', () => {
    expect(namesBelow('The tariff')).toEqual(Object.keys(tariff.properties.parts.items.properties));
    expect(['field', ...namesBelow('Rules')]).toEqual(Object.keys(RULES.items.properties));
  });

  test('names every fact that a certificate can show', () => {
    for (const fact of FACTS) expect(PAGE).toMatch(new RegExp(`\`\\{?${fact}\\}?\``));
  });

  test('names the limits as they are', () => {
    const { table, parts } = tariff.properties;
    const net = table.items.properties.net.maximum;
    for (const limit of [
      `at most ${table.maxItems} rows, a net is at most ${net}`,
      `at most ${parts.maxItems} parts, and a part\n${parts.items.properties.factors.maxItems} factors`,
      `up to ${MOST_ELEMENTS}; every array`,
      `at most ${LONGEST_PATTERN} characters; one with groups or alternatives fits no\ntext of more than ${LONGEST_MATCHED}`,
      `above\n${HIGHEST_NET} is rejected`,
    ]) {
      expect(PAGE).toContain(limit);
    }
  });

  test('shows a tariff of one table that can be published as it stands', () => {
    const [table = ''] = EXAMPLES;
    const mine = withExample(TEXT, table);
    expect(readProduct(mine, 'mine.yaml')).toMatchObject({
      ok: true,
      value: { tariff: { table: { length: 3 } } },
    });
  });

  test.each(EXAMPLES.slice(1))('shows a part that can be published as it stands: %#', (example) => {
    const mine = withExample(TRAVEL, example);
    const read = readProduct(mine, 'mine.yaml');
    expect(read.ok ? '' : read.message).toBe('');
  });

  test('shows mistakes in the words in which they are reported', () => {
    const mine = TEXT.replace('"0.19"', '"19"').replace('net: 691', 'net: -1');
    const read = readProduct(mine, 'my-ticket-refund.yaml');
    expect(PAGE).toContain(read.ok ? 'refused' : read.message);
  });
});
