// What JSON Schema cannot say of a definition: whether its parts fit together. What is found here would otherwise
// be a wrong price, or a row that fails for ever.
import type { Leaf } from '../domain/policy.ts';
import type { Definition } from './definition.ts';
import type { Accepted, Field, FieldType } from './product.ts';
import type { TariffRow } from './rating.ts';
import { fieldsOf } from './schema.ts';

const POLICYHOLDER = ['first_name', 'last_name', 'email', 'language']; // what every policy has

/** All that does not fit, each with its place in the definition. */
export function misfitsOf(definition: Definition): string[] {
  return [
    ...policyholderMisfits(definition),
    ...modulesMisfits(definition),
    ...tableMisfits(definition),
    ...acceptsMisfits(definition),
  ];
}

const FITTING: Readonly<Record<Accepted, FieldType>> = {
  german_date: 'date',
  decimal_comma: 'number',
  amount: 'integer',
};

/** A form of one type means nothing for a field of another. */
function acceptsMisfits({ policy, modules }: Definition): string[] {
  const quotes = Object.values(modules).flatMap(({ quote }) => fieldsOf(quote, 'quote.data'));
  return [...quotes, ...fieldsOf(policy, 'policy')].flatMap(({ path, type, accepts }) =>
    accepts
      .filter((form) => FITTING[form] !== type)
      .map((form) => `${path}: accepts: ${form} is for fields of type ${FITTING[form]}`),
  );
}

function policyholderMisfits({ policy }: Definition): string[] {
  const fields = fieldsOf(policy, 'policy');
  return POLICYHOLDER.filter((name) => !isRequired(fields, `policy.${name}`, 'string')).map(
    (name) => `policy.properties: ${name} must be there, of type string and required`,
  );
}

function modulesMisfits(definition: Definition): string[] {
  const modules = Object.entries(definition.modules);
  const integrations = modules.map(([, { integration }]) => integration);
  return modules.flatMap(([name, { integration, rated, quote }], at) => {
    const fields = [...fieldsOf(quote, 'quote.data'), ...fieldsOf(definition.policy, 'policy')];
    const { start, end } = definition.period_of_cover;
    const misfits = [start, ...end]
      .filter((path) => !isRequired(fields, path, 'date'))
      .map((path) => `period_of_cover: ${path} is no required date of module ${name}`);
    if (!isRequired(fields, `quote.data.${rated}`, 'integer'))
      misfits.push(`modules.${name}.rated: the quote has no required whole number ${rated}`);
    if (integrations.indexOf(integration) !== at)
      misfits.push(`modules.${name}.integration: ${integration} is another module's`);
    return [...misfits, ...conditionMisfits(definition.tariff.table, fields, name)];
  });
}

/** A condition on a field that is not there, or on a value that it never has, would never hold. */
function conditionMisfits(table: readonly TariffRow[], fields: readonly Field[], module: string): string[] {
  return table.flatMap((row, at) =>
    Object.entries(row.when ?? {})
      .filter(([name, value]) => !canBe(fields, `quote.data.${name}`, value))
      .map(([name]) => `tariff.table.${at}.when: ${name} can never be so in a quote of module ${module}`),
  );
}

/** The first row that fits is used: one behind a wider row never is. */
function tableMisfits({ tariff: { table } }: Definition): string[] {
  return table.flatMap((row, at) => {
    const wider = table.findIndex((other) => row.up_to <= other.up_to && includes(row.when, other.when));
    return wider < at ? [`tariff.table.${at}: never used, as row ${wider} comes first and fits as well`] : [];
  });
}

type Conditions = TariffRow['when'];

function includes(conditions: Conditions = {}, others: Conditions = {}): boolean {
  return Object.entries(others).every(([name, value]) => conditions[name] === value);
}

function isRequired(fields: readonly Field[], path: string, type: FieldType): boolean {
  return fields.some((field) => field.path === path && field.type === type && field.required);
}

function canBe(fields: readonly Field[], path: string, value: Leaf): boolean {
  const type = fields.find((field) => field.path === path)?.type;
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'integer':
    case 'number':
      return typeof value === 'number';
    default:
      return type !== undefined && typeof value === 'string';
  }
}
