import type { Accepted, Field, FieldType, Integration } from './product.ts';

const FORMS: Readonly<Record<FieldType, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number with a point',
  boolean: '1 (yes) or 0 (no)',
  date: 'YYYY-MM-DD',
};
const ALSO: Readonly<Record<Accepted, string>> = {
  german_date: 'DD.MM.YYYY',
  decimal_comma: 'number with a comma',
  amount: 'amount with two decimals',
};

/** The name of a field's column: of elements, the first. */
export function columnName({ fieldRule }: Pick<Integration, 'fieldRule'>, path: string): string {
  const first = path.replaceAll('*', '0');
  return fieldRule(first) ? first : path.replaceAll('*', '1');
}

/** What a cell of the field holds, in words. */
export function formOf({ type, accepts }: Pick<Field, 'type' | 'accepts'>): string {
  return [FORMS[type], ...accepts.map((one) => ALSO[one])].join(', or ');
}

/** The example of a field as a cell has it; empty when there is none. */
export function exampleCell({ example }: Pick<Field, 'example'>): string {
  return typeof example === 'boolean' ? String(Number(example)) : String(example ?? '');
}
