import { Ajv2020 } from 'ajv/dist/2020.js';
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

const validate = new Ajv2020({ allErrors: true }).compile<Definition>(DEFINITION_SCHEMA);

/** The definition in a YAML or JSON text; `name` is the file's, for the messages. */
export function parseDefinition(text: string, name: string): Result<Definition, 'invalid_definition'> {
  const document = parseDocument(text, { prettyErrors: true });
  const [problem] = document.errors;
  if (problem) return refused('invalid_definition', `${name}: ${problem.message.split('\n')[0]}`);
  const content: unknown = document.toJS();
  if (validate(content)) return ok(content);
  const [first] = validate.errors ?? [];
  const unknown = first?.params['additionalProperty'];
  const where = first?.instancePath.slice(1).replaceAll('/', '.') || 'the definition';
  return refused(
    'invalid_definition',
    `${name}: ${where} ${first?.message}${unknown ? ` ("${unknown}")` : ''}`,
  );
}
