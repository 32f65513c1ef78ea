// The product's JSON Schema is the one source of truth; Ajv applies it, and what it finds becomes sentences that
// name column, value and remedy.
import { Ajv2020, type ErrorObject, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Leaf, Nested } from '../domain/policy.ts';
import type { RejectionCode } from '../domain/rejection-codes.ts';
import { dateProblem } from './dates.ts';
import { FORMATS, type Format } from './formats.ts';
import { compilePattern } from './pattern.ts';
import type { FieldError } from './product.ts';
import { fieldsOf, type Schema, schemaAt } from './schema.ts';

export type Check = (data: Nested) => readonly FieldError[];

const NONE: readonly FieldError[] = [];

/** A check of data against `schema`; the paths of what it finds begin with `root`. Throws for a schema that is none. */
export function compileCheck(schema: Schema, root: string): Check {
  const ajv = newAjv({ allErrors: true, verbose: true });
  const validate = compileSchema(ajv, schema, root);
  return (data) => {
    if (validate(data)) return NONE;
    return (validate.errors ?? []).map((error) => fieldError(error, schema, root));
  };
}

/** Compiles schemas of single fields into functions that tell whether a value satisfies them. */
export function leafCompiler(): (schema: Schema, path: string) => (value: Leaf) => boolean {
  const ajv = newAjv({});
  return (schema, path) => {
    const validate = compileSchema(ajv, schema, path);
    return (value) => validate(value);
  };
}

/** `accepts` is ours, and for the coercion that comes before. */
function newAjv(options: Options): Ajv2020 {
  const code = { regExp: Object.assign(linearPattern, { code: '' }) }; // `code` is for programs that Ajv would write to a file
  return new Ajv2020({ ...options, formats: FORMATS, strict: true, code }).addVocabulary(['accepts']);
}

/** Ajv tells patterns apart by their texts. */
function linearPattern(source: string) {
  const pattern = compilePattern(source);
  return { test: (text: string) => pattern.test(text), toString: () => source };
}

function compileSchema(ajv: Ajv2020, schema: Schema, root: string): ValidateFunction {
  try {
    return ajv.compile(schema);
  } catch (error) {
    throw new Error(`the schema of ${root}: ${(error as Error).message}`, { cause: error });
  }
}

function fieldError(error: ErrorObject, schema: Schema, root: string): FieldError {
  const names = error.instancePath.split('/').slice(1).map(unescapePointer);
  switch (error.keyword) {
    case 'required':
      return missing([...names, error.params['missingProperty']], schema, root);
    case 'minProperties':
      return tooFew(names, error.params['limit'], schema, root);
    case 'additionalProperties':
      return unknown([root, ...names, error.params['additionalProperty']].join('.'));
  }
  const path = [root, ...names].join('.');
  const [code, reason] = reasonOf(error);
  return { code, path, value: error.data, message: `${path}: ${reason}` };
}

/** What is missing is a leaf: of a group, the first that it needs. */
function missing(names: readonly string[], schema: Schema, root: string): FieldError {
  const at = schemaAt(schema, names);
  const path = firstNeeded(names, schema, root);
  return path.includes('*') ? tooFew(names, at?.minProperties ?? 1, schema, root) : missingField(path, '');
}

function tooFew(names: readonly string[], least: number, schema: Schema, root: string): FieldError {
  const needed = least === 1 ? 'one element is' : `${least} elements are`;
  return missingField(firstNeeded(names, schema, root), `: at least ${needed} needed`);
}

function firstNeeded(names: readonly string[], schema: Schema, root: string): string {
  const group = [root, ...names].join('.');
  const at = schemaAt(schema, names);
  return (at && fieldsOf(at, group).find((field) => field.required)?.path) ?? group;
}

function missingField(path: string, hint: string): FieldError {
  return { code: 'missing_field', path, value: undefined, message: `${path} is missing${hint}` };
}

function unknown(path: string): FieldError {
  return { code: 'unknown_field', path, value: undefined, message: `${path}: there is no such field` };
}

function reasonOf({ keyword, params, data, parentSchema }: ErrorObject): [RejectionCode, string] {
  const shown = `"${typeof data === 'object' ? JSON.stringify(data) : data}"`;
  switch (keyword) {
    case 'format':
      return formatReason(params['format'], String(data));
    case 'type':
      return ['invalid_type', `${shown} is not of type ${params['type']}`];
    case 'minLength':
      return ['invalid_value', `${shown} is shorter than ${params['limit']} characters`];
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
