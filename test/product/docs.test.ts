import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFINITION_SCHEMA } from '../../src/product/definition-schema.ts';
import { readProduct } from '../../src/product/read-product.ts';
import { TEXT } from './shipped.ts';

const PAGE = readFileSync(new URL('../../docs/product-author.md', import.meta.url), 'utf8');

/** The names in the first column of the table below a heading. */
function namesBelow(heading: string): string[] {
  const section = PAGE.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    cell.replaceAll('`', '').split(', '),
  );
}

describe('docs/product-author.md', () => {
  test('explains every part of a definition, and no other', () => {
    expect(namesBelow('The parts').sort()).toEqual(Object.keys(DEFINITION_SCHEMA.properties).sort());
  });

  test('explains every keyword that a field may have, and no other', () => {
    expect(namesBelow('Fields')).toEqual(Object.keys(DEFINITION_SCHEMA.$defs.field.properties));
  });

  test('names the limits of the tariff as they are', () => {
    const { table } = DEFINITION_SCHEMA.properties.tariff.properties;
    const net = table.items.properties.net.maximum;
    expect(PAGE).toContain(`at most ${table.maxItems} rows, a net is at most ${net}`);
  });

  test('shows a tariff that can be published as it stands', () => {
    const tariff = /```yaml\n(.*?)```/s.exec(PAGE)?.[1] ?? '';
    const mine = TEXT.replace(/^tariff:.*?^(?=# First and last day)/ms, tariff);
    expect(mine).toContain(tariff);
    expect(readProduct(mine, 'mine.yaml')).toMatchObject({
      ok: true,
      value: { tariff: { table: { length: 3 } } },
    });
  });

  test('shows mistakes in the words in which they are reported', () => {
    const mine = TEXT.replace('"0.19"', '"19"').replace('net: 691', 'net: -1');
    const read = readProduct(mine, 'my-ticket-refund.yaml');
    expect(PAGE).toContain(read.ok ? 'refused' : read.message);
  });
});
