// A definition becomes plain functions once, so that a row costs no lookups in it.
import type { Nested } from '../domain/policy.ts';
import type { PublishedProduct } from '../domain/published-product.ts';
import { compilePeriod } from './cover.ts';
import { type Definition, type Module, parseDefinition } from './definition/definition.ts';
import type { Catalogue, Integration } from './product.ts';
import { compileRules, pathsOf, type Rule } from './rules.ts';
import { fieldsOf, leafBelow, ruleOf, typeOf } from './schema.ts';
import type { Part, RoundingRule } from './tariff/form.ts';
import { compileTariff } from './tariff/tariff.ts';
import { compileCheck, leafCompiler } from './validation.ts';

const QUOTE_DATA = 'quote.data';
const POLICY = 'policy';
const NOTHING: Nested = {};
const USUAL_ROUNDING: RoundingRule = { where: 'element', how: 'half_up' };

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
  const { policy } = definition;
  const rules = rulesOf(definition.rules ?? []);
  const checkPolicyFields = compileCheck(policy, POLICY);
  const periodOfCover = compilePeriod(definition.period_of_cover);
  const daysOf = (data: Nested) => {
    const { start_day, end_day } = periodOfCover(data, NOTHING);
    return end_day - start_day + 1;
  };
  const shared = {
    product_id: definition.id,
    product_version: version,
    currency: definition.currency,
    tax_rate: Number(definition.premium_tax),
    policy_number: definition.policy_number,
    checkPolicy: (data: Nested) => together(checkPolicyFields(data), rules.policy(NOTHING, data)),
    checkTogether: rules.both,
    brokenRules: rules.all,
    periodOfCover,
  };
  const compileLeaf = leafCompiler();
  return Object.entries(definition.modules).map(([name, module]) => {
    const leafAt = (path: string) =>
      leafBelow(module.quote, QUOTE_DATA, path) ?? leafBelow(policy, POLICY, path);
    const checkQuoteFields = compileCheck(module.quote, QUOTE_DATA);
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
      checkQuote: (data: Nested) => together(checkQuoteFields(data), rules.quote(data, NOTHING)),
      rate: compileTariff(tariffOf(definition, module), daysOf),
    };
  });
}

/** A table alone prices each element by the module's rated leaf. */
export function partsOf({ tariff }: Definition, { rated }: Module): readonly Part[] {
  if (tariff.parts) return tariff.parts;
  if (rated === undefined || tariff.table === undefined) return [];
  return [{ each: rated.slice(0, rated.lastIndexOf('.')), base: { by: rated, table: tariff.table } }];
}

function tariffOf(definition: Definition, module: Module) {
  const { tariff, rounding = USUAL_ROUNDING, premium_tax: tax } = definition;
  return { parts: partsOf(definition, module), minimum: tariff.minimum ?? 0, rounding, tax };
}

/** The rules by what they need to know: the quote, the policy, or both. */
function rulesOf(rules: readonly Rule[]) {
  const isOf = (root: string) => (rule: Rule) => pathsOf(rule).every((path) => path.startsWith(`${root}.`));
  const [ofQuote, ofPolicy] = [isOf(QUOTE_DATA), isOf(POLICY)];
  return {
    quote: compileRules(rules.filter(ofQuote)),
    policy: compileRules(rules.filter(ofPolicy)),
    both: compileRules(rules.filter((rule) => !ofQuote(rule) && !ofPolicy(rule))),
    all: compileRules(rules),
  };
}

function together<T>(some: readonly T[], others: readonly T[]): readonly T[] {
  if (others.length === 0) return some;
  return [...some, ...others];
}
