import type { Definition } from './definition/definition.ts';
import { type Column, columnsOf, numbersOf, sentenceOf } from './guide.ts';
import type { Integration } from './product.ts';

/** The page of a product for partners, in Markdown; it says the same whatever version is on sale. */
export function guidePage(definition: Definition, integrations: readonly Integration[]): string {
  const { name, rules = [], tariff } = definition;
  const parts = [
    `# ${name}`,
    '',
    'Made from the product definition by `policydrop product show --format markdown`.',
    '',
    ...factsOf(definition),
    ...(tariff.illustrative ? ['', `**Its tariff is illustrative.** ${tariff.note ?? ''}`.trim()] : []),
    '',
    ...(rules.length === 0
      ? []
      : ['## Between fields', '', ...rules.map((rule) => `- ${sentenceOf(rule)}`), '']),
    ...integrations.flatMap((integration) => moduleOf(definition, integration)),
  ];
  return `${parts.join('\n').trimEnd()}\n`;
}

function factsOf(definition: Definition): string[] {
  const { id, insurer, region, currency, policy_number, premium_tax, languages = [] } = definition;
  const rows = [
    ['product', `\`${id}\``],
    ['insurer', insurer],
    ['region', region],
    ['currency', `${currency}; amounts are whole cents`],
    ['policy numbers', `\`${policy_number.replace('{number}', '000000001')}\`, of test policies \`TEST-…\``],
    ['premium tax', premium_tax],
    ...(languages.length > 0 ? [['languages of documents', languages.join(', ')]] : []),
  ];
  return ['| what | value |', '| --- | --- |', ...rows.map(([what, value]) => `| ${what} | ${value} |`)];
}

function moduleOf(definition: Definition, integration: Integration): string[] {
  const { module, id, item_id, subscription_plan_id } = integration;
  return [
    `## Module ${module}`,
    '',
    `\`integration_id\` is \`${id}\`; over REST, \`item_id\` is \`${item_id}\` and \`subscription_plan_id\` \`${subscription_plan_id}\`.`,
    '',
    '| column | required | holds | allowed | meaning | example |',
    '| --- | --- | --- | --- | --- | --- |',
    ...columnsOf(integration, definition).map(rowOf),
    '',
    ...elementsOf(definition, integration),
  ];
}

function elementsOf(definition: Definition, integration: Integration): string[] {
  const numbers = [...numbersOf(integration, definition)];
  if (numbers.length === 0) return [];
  return [
    'Columns with a number in them are there for each element:',
    '',
    ...numbers.map(([group, those]) => `- \`${group}\`: ${those}`),
    '',
  ];
}

function rowOf({ column, required, form, allowed, meaning, example }: Column): string {
  const cells = [
    `\`${column}\``,
    required ? 'yes' : '',
    form,
    allowed,
    meaning,
    example === '' ? '' : `\`${example}\``,
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
