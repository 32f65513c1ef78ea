// The product's JSON Schema is the one source of truth; Ajv applies it, and what it finds becomes sentences that
// name column, value and remedy.
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import type { Nested } from '../domain/policy.ts';
import type { RejectionCode } from '../domain/rejection-codes.ts';
import { dateProblem } from './dates.ts';
import { FORMATS, type Format } from './formats.ts';
import type { FieldError } from './product.ts';
import { fieldsOf, type Schema, schemaAt } from './schema.ts';

export type Check = (data: Nested) => readonly FieldError[];

const NONE: readonly FieldError[] = [];

/** A check of data against `schema`; the paths of what it finds begin with `prefix`. Throws for a schema that is none. */
export function compileCheck(schema: Schema, prefix: string): Check {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, formats: FORMATS, strict: true });
  const validate = ajv.compile(schema);
  return (data) => {
    if (validate(data)) return NONE;
    const errors = validate.errors ?? [];
    return errors.map((error) => fieldError(error, schema, prefix));
  };
}

function fieldError(error: ErrorObject, schema: Schema, prefix: string): FieldError {
  const names = error.instancePath.split('/').slice(1).map(unescapePointer);
  const path = [prefix, ...names].join('.');
  if (error.keyword === 'required')
    return missing([...names, error.params['missingProperty']], schema, prefix);
  if (error.keyword === 'minProperties') return missing(names, schema, prefix);
  if (error.keyword === 'additionalProperties') {
    const unknown = `${path}.${error.params['additionalProperty']}`;
    return {
      code: 'unknown_field',
      path: unknown,
      value: undefined,
      message: `${unknown}: there is no such field`,
    };
  }
  const [code, reason] = reasonOf(error);
  return { code, path, value: error.data, message: `${path}: ${reason}` };
}

/** What is missing is a leaf: of a group, the first that it needs. */
function missing(names: readonly string[], schema: Schema, prefix: string): FieldError {
  const path = [prefix, ...names].join('.');
  const at = schemaAt(schema, names.join('.'));
  const leaf = (at && fieldsOf(at, path)[0]?.path) ?? path;
  const message = leaf.includes('*')
    ? `${leaf} is missing: at least one element is needed`
    : `${leaf} is missing`;
  return { code: 'missing_field', path: leaf, value: undefined, message };
}

function reasonOf({ keyword, params, data, parentSchema }: ErrorObject): [RejectionCode, string] {
  const shown = `"${String(data)}"`;
  switch (keyword) {
    case 'format':
      return formatReason(params['format'], String(data));
    case 'type':
      return ['invalid_type', `${shown} is not of type ${params['type']}`];
    case 'maxLength':
      return ['too_long', `${shown} is longer than ${params['limit']} characters`];
    case 'minimum':
      return ['invalid_value', `${shown} is less than ${params['limit']}`];
    case 'maximum':
      return ['invalid_value', `${shown} is more than ${params['limit']}`];
    case 'enum':
      return ['invalid_value', `${shown} is none of ${params['allowedValues'].join(', ')}`];
    default:
      return ['invalid_value', `${shown} is not allowed: ${hint(parentSchema)}`];
  }
}

function formatReason(format: Format, text: string): [RejectionCode, string] {
  switch (format) {
    case 'date':
      return ['invalid_date', dateProblem(text)];
    case 'email':
      return ['invalid_email', `"${text}" is not an e-mail address`];
    case 'language':
      return [
        'invalid_language',
        `"${text}" is not a language: write its two letters after ISO 639-1, as in en or de`,
      ];
  }
}

/** What the definition says of a field helps more than a pattern. */
function hint(schema: ErrorObject['parentSchema']): string {
  return String(schema?.['description'] ?? schema?.['title'] ?? 'see the description of the product');
}

function unescapePointer(name: string): string {
  return name.replaceAll('~1', '/').replaceAll('~0', '~'); // RFC 6901
}
