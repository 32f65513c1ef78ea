import { expect, test } from 'vitest';
import { fieldsOf, type Schema, schemaAt, withNumbers } from '../../src/product/schema.ts';

test('fields are listed by their paths; what an optional group needs is not required of everybody', () => {
  const group: Schema = {
    type: 'object',
    required: ['day'],
    properties: { day: { type: 'string', format: 'date' } },
  };
  const schema: Schema = {
    type: 'object',
    required: ['needed'],
    properties: {
      needed: group,
      optional: group,
      seat: { type: 'object', patternProperties: { '^[0-9]$': group } },
      note: { type: 'string', title: 'A note' },
    },
  };
  expect(fieldsOf(schema, 'root')).toMatchObject([
    { path: 'root.needed.day', type: 'date', required: true, title: 'root.needed.day' },
    { path: 'root.optional.day', type: 'date', required: false, title: 'root.optional.day' },
    { path: 'root.seat.*.day', type: 'date', required: false, title: 'root.seat.*.day' },
    { path: 'root.note', type: 'string', required: false, title: 'A note' },
  ]);
});

test('elements of an array are numbered from 0 to one less than their greatest number', () => {
  const item: Schema = { type: 'integer' };
  for (const maxItems of [1, 2, 9, 10, 11, 12, 99, 100, 101, 110, 209, 210, 999, 1000]) {
    const schema = withNumbers({ type: 'array', items: item, maxItems });
    const numbers = Array.from({ length: 1100 }, (_, number) => number);
    const fit = numbers.filter((number) => schemaAt(schema, [String(number)]));
    expect(fit, String(maxItems)).toEqual(numbers.slice(0, maxItems));
    for (const name of ['', '00', '01', '-1', '1.0', ' 1', 'x', '__proto__']) {
      expect(schemaAt(schema, [name])).toBeUndefined();
    }
  }
});
