// A definition becomes plain functions once, so that a row costs no lookups in it.
import type { PublishedProduct } from '../domain/published-product.ts';
import { compilePeriod } from './cover.ts';
import { type Definition, parseDefinition } from './definition.ts';
import type { Catalogue, Integration } from './product.ts';
import { parseRate } from './rate.ts';
import { compileTariff } from './rating.ts';
import { fieldsOf, schemaAt, typeOf } from './schema.ts';
import { compileCheck } from './validation.ts';

/** The integrations of all published products, by their ids. */
export function catalogueOf(products: readonly PublishedProduct[]): Catalogue {
  const integrations = products.flatMap(({ product_id, version, definition }) => {
    const read = parseDefinition(definition, `${product_id} version ${version}`);
    if (!read.ok) throw new Error(read.message);
    return compileProduct(read.value, version);
  });
  return new Map(integrations.map((integration) => [integration.id, integration]));
}

/** Every module of a definition, ready to check and rate. Throws where parts of the definition do not fit together. */
export function compileProduct(definition: Definition, version: number): Integration[] {
  const tax = parseRate(definition.premium_tax);
  if (!tax) throw new Error('premium_tax is no share such as "0.19"');
  const checkPolicy = compileCheck(definition.policy, 'policy');
  const period = compilePeriod(definition.period_of_cover);
  return Object.entries(definition.modules).map(([name, module]): Integration => {
    if (typeOf(schemaAt(module.quote, module.rated.replace('*', '0'))) !== 'integer') {
      throw new Error(`modules.${name}.rated: the quote has no whole number ${module.rated}`);
    }
    const typeAt = (path: string) => {
      if (path.startsWith('quote.data.'))
        return typeOf(schemaAt(module.quote, path.slice('quote.data.'.length)));
      return path.startsWith('policy.')
        ? typeOf(schemaAt(definition.policy, path.slice('policy.'.length)))
        : undefined;
    };
    for (const path of [definition.period_of_cover.start, ...definition.period_of_cover.end]) {
      if (typeAt(path) !== 'date') throw new Error(`period_of_cover: ${path} is no date of module ${name}`);
    }
    return {
      id: module.integration,
      item_id: module.item,
      subscription_plan_id: module.subscription_plan,
      module: name,
      product_id: definition.id,
      product_version: version,
      currency: definition.currency,
      policy_number: definition.policy_number,
      fields: [...fieldsOf(module.quote, 'quote.data'), ...fieldsOf(definition.policy, 'policy')],
      fieldType: typeAt,
      checkQuote: compileCheck(module.quote, 'quote.data'),
      checkPolicy,
      rate: compileTariff({ each: module.rated, table: definition.tariff.table, tax }),
      periodOfCover: period,
    };
  });
}
