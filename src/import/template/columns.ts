import type { Accepted, Field, FieldType, Integration } from '../../product/product.ts';
import { INTEGRATION_COLUMN, KEY_COLUMN } from '../header.ts';

/** A column of a template, as a partner needs to know it. */
export type TemplateColumn = {
  readonly name: string;
  readonly title: string;
  readonly required: boolean;
  readonly form: string;
  readonly example: string;
  readonly description: string;
};

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

/** What a file for this integration may hold: what is required first; of numbered elements the first. `key` is an example of one. */
export function templateColumns(integration: Integration, key: string): TemplateColumn[] {
  const text = { required: true, form: FORMS.string };
  const fields = integration.fields.toSorted((a, b) => Number(b.required) - Number(a.required));
  return [
    {
      ...text,
      name: KEY_COLUMN,
      title: 'Key of the purchase',
      example: key,
      description: 'another for every purchase, for ever: a UUID is best',
    },
    {
      ...text,
      name: INTEGRATION_COLUMN,
      title: 'What is bought',
      example: integration.id,
      description: 'the same in every row',
    },
    ...fields.map(columnOf),
  ];
}

function columnOf({
  path,
  title,
  required,
  type,
  accepts,
  example,
  description = '',
}: Field): TemplateColumn {
  const form = [FORMS[type], ...accepts.map((one) => ALSO[one])].join(', or ');
  const name = path.replaceAll('*', '1');
  const numbered = path.includes('*')
    ? 'further elements have columns of their own, with the next number'
    : '';
  const hints = [description, numbered].filter((hint) => hint !== '').join('; ');
  return { name, title, required, form, example: textOf(example), description: hints };
}

function textOf(example: Field['example']): string {
  return typeof example === 'boolean' ? String(Number(example)) : String(example ?? '');
}
