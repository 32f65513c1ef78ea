import { expect, test } from 'vitest';
import { fieldsOf, type Schema } from '../../src/product/schema.ts';

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
