import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import { ok, type Result, refused } from '../../domain/refusal.ts';
import type { Certificate } from '../certificate.ts';
import type { PeriodOfCover } from '../cover.ts';
import { FORMATS } from '../formats.ts';
import { fractionOf } from '../fraction.ts';
import type { Rule } from '../rules.ts';
import { type Schema, withNumbers } from '../schema.ts';
import type { BaseRow, Part, RoundingRule } from '../tariff/form.ts';
import type { Mistake } from './mistake.ts';
import { DEFINITION_SCHEMA } from './schema.ts';
import { readSource, type Source } from './source.ts';

/** A product as its author writes it; docs/product-author.md explains each part. Arrays are objects of numbered elements here. */
export type Definition = {
  readonly id: string;
  readonly name: string;
  readonly insurer: string;
  readonly region: string;
  readonly languages?: readonly string[];
  readonly currency: string;
  readonly policy_number: string;
  readonly premium_tax: string;
  readonly rounding?: RoundingRule;
  readonly period_of_cover: PeriodOfCover;
  readonly policy: Schema;
  readonly rules?: readonly Rule[];
  readonly tariff: {
    readonly illustrative: boolean;
    readonly note?: string;
    readonly table?: readonly BaseRow[];
    readonly parts?: readonly Part[];
    readonly minimum?: number;
  };
  readonly certificate?: Certificate;
  readonly modules: Readonly<Record<string, Module>>;
};

export type Module = {
  readonly integration: string;
  readonly item: string;
  readonly subscription_plan: string;
  readonly rated?: string;
  readonly quote: Schema;
};

/** A definition that is well formed, with the place of everything in it, or what is wrong with it. */
export type Parsed =
  | {
      readonly ok: true;
      readonly definition: Definition;
      readonly written: Definition; // with its arrays
      readonly source: Source & { ok: true };
    }
  | { readonly ok: false; readonly problems: readonly string[] };

const validate = new Ajv2020({
  allErrors: true,
  verbose: true,
  allowUnionTypes: true,
  formats: { language: FORMATS.language, fraction: (text: string) => fractionOf(text) !== undefined },
}).compile<Definition>(DEFINITION_SCHEMA);

/** The definition in a text that was published, where `name` stands for it in messages. */
export function parseDefinition(text: string, name: string): Result<Definition, 'invalid_definition'> {
  const parsed = readDefinition(text, name);
  return parsed.ok ? ok(parsed.definition) : refused('invalid_definition', parsed.problems.join('\n'));
}

/** Reads a text of YAML or JSON; `name` is the file's, and begins each problem. */
export function readDefinition(text: string, name: string): Parsed {
  const source = readSource(text);
  if (!source.ok) {
    const { line, column } = source.place;
    return { ok: false, problems: [`${name}:${line}:${column}: ${source.problem}`] };
  }
  const { content } = source;
  if (validate(content)) return { ok: true, definition: numbered(content), written: content, source };
  // What fails inside of these says more than that they failed.
  const errors = (validate.errors ?? []).filter(
    ({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames',
  );
  return { ok: false, problems: problemsOf(errors.map(mistakeOf), source, name) };
}

/** Each mistake once, in the order of the file, with its place in it. */
export function problemsOf(
  mistakes: readonly Mistake[],
  source: Source & { ok: true },
  name: string,
): readonly string[] {
  const placed = mistakes.map((mistake) => ({ ...source.placeOf(mistake), mistake }));
  placed.sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = placed.map(({ line, column, mistake: { path, message } }) => {
    const text = `${path.join('.') || 'the definition'}: ${message}`;
    return `${name}:${line}:${column}: ${text.replaceAll(/\p{Cc}/gu, ' ')}`; // names may hold line ends
  });
  return [...new Set(lines)];
}

function numbered(definition: Definition): Definition {
  const modules = Object.entries(definition.modules).map(([name, module]) => [
    name,
    { ...module, quote: withNumbers(module.quote) },
  ]);
  return { ...definition, policy: withNumbers(definition.policy), modules: Object.fromEntries(modules) };
}

function mistakeOf({
  instancePath,
  keyword,
  params,
  message,
  parentSchema,
  propertyName,
}: ErrorObject): Mistake {
  const at = instancePath.split('/').slice(1).map(unescapePointer);
  const path = propertyName === undefined ? at : [...at, propertyName];
  switch (keyword) {
    case 'required':
      return { path, message: `"${params['missingProperty']}" is missing` };
    case 'additionalProperties': {
      const extra = String(params['additionalProperty']);
      return {
        path: [...at, extra],
        ofName: true,
        message: `there is no "${extra}" here: correct its name or remove it`,
      };
    }
    case 'enum':
      return { path, message: `write one of ${params['allowedValues'].join(', ')}` };
    default:
      return {
        path,
        ...(propertyName === undefined ? {} : { ofName: true }),
        message: String(parentSchema?.['description'] ?? message),
      };
  }
}

function unescapePointer(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~'); // RFC 6901
}
