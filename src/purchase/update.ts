import type { Nested, Policy } from '../domain/policy.ts';
import type { PolicyChange } from '../domain/policy-change.ts';
import type { FieldError, Integration } from '../product/product.ts';
import { contentAt } from './order.ts';
import { readJson } from './read-json.ts';

export type Updated =
  | { readonly ok: true; readonly value: PolicyChange }
  | { readonly ok: false; readonly errors: readonly FieldError[] };

type Json = { readonly [member: string]: unknown };

/**
 * The change that a patch of policyholder fields and `data` asks for, or all that would be wrong with the policy after it. The patch is a
 * JSON Merge Patch (RFC 7396): what is not named stays, null removes. `integration` is that of the version under which the
 * policy was bought; price and quote data stay, the period of cover follows the dates.
 */
export function update(integration: Integration, policy: Policy, patch: Json): Updated {
  const before = { ...policy.policyholder, data: policy.policy_data };
  const read = readJson(integration, merged(before, patch), 'policy');
  const wrong = new Set(read.errors.map(({ path }) => path));
  const refused = [
    ...integration.checkPolicy(read.data),
    ...integration.checkTogether(policy.quote_data, read.data),
  ].filter(({ path }) => !wrong.has(path));
  const errors = [...read.errors, ...refused];
  if (errors.length > 0) return { ok: false, errors };
  const { quote_data: quoteData, metadata } = policy;
  const { shape, values } = contentAt(integration, { quoteData, policy: read.data, metadata });
  const period = integration.periodOfCover(quoteData, read.data);
  return { ok: true, value: { action: 'updated', paths: shape.paths, values, ...period } };
}

function merged(target: Nested | undefined, patch: Json): Json {
  const result = new Map<string, unknown>(Object.entries(target ?? {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name);
    else result.set(name, isObject(value) ? merged(nestedIn(result.get(name)), value) : value);
  }
  return Object.fromEntries(result);
}

function nestedIn(value: unknown): Nested | undefined {
  return isObject(value) ? (value as Nested) : undefined;
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
