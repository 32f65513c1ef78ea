// A product as partners need to know it: what their files hold, what must hold between fields, what it costs in words.
import { columnName, exampleCell, formOf } from './columns.ts';
import type { Definition } from './definition/definition.ts';
import { MOST_ELEMENTS } from './definition/field-schema.ts';
import type { Field, Integration } from './product.ts';
import type { Rule } from './rules.ts';
import { type Schema, schemaAt } from './schema.ts';

/** A column of a partner's file; `allowed` says in words what may stand in it beside its form. */
export type Column = {
  readonly column: string;
  readonly required: boolean;
  readonly form: string;
  readonly allowed: string;
  readonly meaning: string;
  readonly example: string;
};

/** The columns of an integration, in the order of its definition. */
export function columnsOf(integration: Integration, definition: Definition): Column[] {
  const module = definition.modules[integration.module];
  return integration.fields.map((field) => {
    const { path, title, description, required } = field;
    const schema = schemaOf(path, module?.quote, definition.policy);
    return {
      column: columnName(integration, path),
      required,
      form: formOf(field),
      allowed: allowedIn(field, schema),
      meaning: description === undefined ? title : `${title}: ${description}`,
      example: exampleCell(field),
    };
  });
}

/** The numbers that elements may have: `quote.data.traveller.*` has `0 to 8`. */
export function numbersOf(integration: Integration, definition: Definition): ReadonlyMap<string, string> {
  const groups = new Set(integration.fields.flatMap(({ path }) => groupsIn(path)));
  const numbers = Array.from({ length: MOST_ELEMENTS }, (_, number) => number);
  return new Map(
    [...groups].map((group) => {
      const below = group.slice(0, -1);
      const quote = definition.modules[integration.module]?.quote;
      const fit = numbers.filter(
        (number) => schemaOf(below + number, quote, definition.policy) !== undefined,
      );
      return [group, `${fit[0]} to ${fit.at(-1)}`];
    }),
  );
}

/** `a.*` and `a.*.b.*` in `a.*.b.*.c`. */
function groupsIn(path: string): string[] {
  const parts = path.split('.*').slice(0, -1);
  return parts.map((_, at) => `${parts.slice(0, at + 1).join('.*')}.*`);
}

/** A rule between fields as a sentence. */
export function sentenceOf(rule: Rule): string {
  const { field, not_before, not_after, within, at_least, at_most, required_when = {}, message } = rule;
  const own = message === undefined ? '' : ` (${message})`;
  const conditions = Object.entries(required_when).map(
    ([path, value]) => `\`${path}\` is ${[value].flat().join(' or ')}`,
  );
  const said =
    (not_before !== undefined && `is not before \`${not_before}\``) ||
    (not_after !== undefined && `is not after \`${not_after}\``) ||
    (within !== undefined && `is at most ${within.days} days after \`${within.after}\``) ||
    (at_least !== undefined && `is at least \`${at_least}\``) ||
    (at_most !== undefined && `is at most \`${at_most}\``) ||
    `is needed when ${conditions.join(' and ')}`;
  return `\`${field}\` ${said}${own}`;
}

function schemaOf(path: string, quote: Schema | undefined, policy: Schema): Schema | undefined {
  const ofQuote = path.startsWith('quote.data.');
  const names = path.split('.').slice(ofQuote ? 2 : 1);
  const schema = ofQuote ? quote : policy;
  return schema && schemaAt(schema, names);
}

const FORMATS: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  language: 'two letters after ISO 639-1',
};

function allowedIn({ values, type }: Field, schema: Schema | undefined): string {
  if (values) return `one of ${values.join(', ')}`;
  const { minimum, maximum, minLength = 0, maxLength, pattern, format = '' } = schema ?? {};
  const parts = [
    FORMATS[format],
    type !== 'string' || format !== '' ? undefined : lengthIn(minLength, maxLength),
    rangeIn(minimum, maximum),
    pattern === undefined ? undefined : `like ${pattern}`,
  ];
  return parts.filter((part) => part !== undefined).join('; ');
}

function lengthIn(least: number, most: number | undefined): string | undefined {
  if (most !== undefined) return `at most ${most} characters`;
  return least > 0 ? `at least ${least} characters` : undefined;
}

function rangeIn(least: number | undefined, most: number | undefined): string | undefined {
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  if (least !== undefined) return `${least} or more`;
  return most === undefined ? undefined : `${most} or less`;
}
