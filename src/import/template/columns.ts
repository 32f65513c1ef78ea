import { columnName, exampleCell, formOf } from '../../product/columns.ts';
import type { Field, Integration } from '../../product/product.ts';
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

/** What a file for this integration may hold: what is required first; of numbered elements the first. `key` is an example of one. */
export function templateColumns(integration: Integration, key: string): TemplateColumn[] {
  const text = { required: true, form: formOf({ type: 'string', accepts: [] }) };
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
    ...fields.map((field) => columnOf(integration, field)),
  ];
}

function columnOf(integration: Integration, field: Field): TemplateColumn {
  const { path, title, required, values, description = '' } = field;
  const listed = values ? `one of ${values.join(', ')}` : '';
  const numbered = path.includes('*')
    ? 'further elements have columns of their own, with the next number'
    : '';
  const hints = [description, listed, numbered].filter((hint) => hint !== '').join('; ');
  return {
    name: columnName(integration, path),
    title,
    required,
    form: formOf(field),
    example: exampleCell(field),
    description: hints,
  };
}
