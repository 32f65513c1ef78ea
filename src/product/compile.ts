// A definition becomes plain functions once, so that a row costs no lookups in it.
import type { PublishedProduct } from '../domain/published-product.ts';
import { compilePeriod } from './cover.ts';
import { type Definition, parseDefinition } from './definition.ts';
import type { Catalogue, Integration } from './product.ts';
import { rateOf } from './rate.ts';
import { compileTariff } from './rating.ts';
import { fieldsOf, leafBelow, ruleOf, typeOf } from './schema.ts';
import { compileCheck, leafCompiler } from './validation.ts';

const QUOTE_DATA = 'quote.data';
const POLICY = 'policy';

/** The integrations of all published products, by their ids. */
export function catalogueOf(products: readonly PublishedProduct[]): Catalogue {
  const integrations = products.flatMap(({ product_id, version, definition }) => {
    const read = parseDefinition(definition, `${product_id} version ${version}`);
    if (!read.ok) throw new Error(read.message);
    return compileProduct(read.value, version);
  });
  return new Map(integrations.map((integration) => [integration.id, integration]));
}

/** Every module of a definition whose parts fit together, ready to check and rate. Throws for a schema that is none. */
export function compileProduct(definition: Definition, version: number): Integration[] {
  const { policy, tariff } = definition;
  const shared = {
    product_id: definition.id,
    product_version: version,
    currency: definition.currency,
    tax_rate: Number(definition.premium_tax),
    policy_number: definition.policy_number,
    checkPolicy: compileCheck(policy, POLICY),
    periodOfCover: compilePeriod(definition.period_of_cover),
  };
  const tax = rateOf(definition.premium_tax);
  const compileLeaf = leafCompiler();
  return Object.entries(definition.modules).map(([name, module]) => {
    const leafAt = (path: string) =>
      leafBelow(module.quote, QUOTE_DATA, path) ?? leafBelow(policy, POLICY, path);
    return {
      ...shared,
      id: module.integration,
      item_id: module.item,
      subscription_plan_id: module.subscription_plan,
      module: name,
      fields: [...fieldsOf(module.quote, QUOTE_DATA), ...fieldsOf(policy, POLICY)],
      fieldRule: (path: string) => {
        const leaf = leafAt(path);
        const type = leaf && typeOf(leaf);
        return type && ruleOf(leaf, type);
      },
      allows: (path: string) => {
        const leaf = leafAt(path);
        return leaf ? compileLeaf(leaf, path) : () => false;
      },
      checkQuote: compileCheck(module.quote, QUOTE_DATA),
      rate: compileTariff({ each: module.rated, table: tariff.table, tax }),
    };
  });
}
