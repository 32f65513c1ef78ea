import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { parseDocument } from 'yaml';
import { ok, type Result, refused } from '../domain/refusal.ts';
import type { PeriodOfCover } from './cover.ts';
import { DEFINITION_SCHEMA } from './definition-schema.ts';
import type { TariffRow } from './rating.ts';
import type { Schema } from './schema.ts';

/** A product as its author writes it; docs/product-author.md explains each part. */
export type Definition = {
  readonly id: string;
  readonly name: string;
  readonly insurer: string;
  readonly region: string;
  readonly currency: string;
  readonly policy_number: string;
  readonly premium_tax: string;
  readonly period_of_cover: PeriodOfCover;
  readonly policy: Schema;
  readonly tariff: {
    readonly illustrative: boolean;
    readonly note?: string;
    readonly table: readonly TariffRow[];
  };
  readonly modules: Readonly<Record<string, Module>>;
};

type Module = {
  readonly integration: string;
  readonly item: string;
  readonly subscription_plan: string;
  readonly rated: string;
  readonly quote: Schema;
};

const LONGEST_DEFINITION = 1_000_000; // characters; the shipped one has 8000

const validate = new Ajv2020({
  allErrors: true,
  verbose: true,
  formats: { regex: isRegularExpression },
}).compile<Definition>(DEFINITION_SCHEMA);

/** The definition in a YAML or JSON text, with all that is wrong in a line each; `name` is the file's. */
export function parseDefinition(text: string, name: string): Result<Definition, 'invalid_definition'> {
  const content = parseText(text);
  if (!content.ok) return refused('invalid_definition', `${name}: ${content.message}`);
  if (validate(content.value)) return ok(content.value);
  const problems = (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(problemOf);
  return refused(
    'invalid_definition',
    [...new Set(problems)].map((problem) => `${name}: ${problem}`).join('\n'),
  );
}

function parseText(text: string): Result<unknown, 'invalid_definition'> {
  if (text.length > LONGEST_DEFINITION) {
    return refused('invalid_definition', `it is longer than ${LONGEST_DEFINITION} characters`);
  }
  try {
    const document = parseDocument(text);
    const [problem] = document.errors;
    return problem ? notYaml(problem) : ok(document.toJS());
  } catch (error) {
    return notYaml(error as Error); // aliases of nothing, or so many that they fill the memory
  }
}

function notYaml({ message }: Error): Result<never, 'invalid_definition'> {
  return refused('invalid_definition', `this is neither YAML nor JSON: ${message.split('\n')[0]}`);
}

function problemOf({
  instancePath,
  keyword,
  params,
  message,
  parentSchema,
  propertyName,
}: ErrorObject): string {
  const where = instancePath.slice(1).replaceAll('/', '.') || 'the definition';
  const place = propertyName === undefined ? where : `${where}.${propertyName}`;
  switch (keyword) {
    case 'required':
      return `${place}: "${params['missingProperty']}" is missing`;
    case 'additionalProperties':
      return `${place}: there is no "${params['additionalProperty']}" here: correct its name or remove it`;
    case 'propertyNames':
      return `${where}: the name "${params['propertyName']}" cannot be used`;
    case 'enum':
      return `${place}: write one of ${params['allowedValues'].join(', ')}`;
    default:
      return `${place}: ${parentSchema?.['description'] ?? message}`;
  }
}

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
