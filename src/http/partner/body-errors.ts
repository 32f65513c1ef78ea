// What is wrong with a body, by the dotted paths that it has there: `data.policy_start_date`, where a file's column is
// `quote.data.policy_start_date`.
import { suggestion } from '../../domain/suggestion.ts';
import type { FieldError, Integration } from '../../product/product.ts';
import type { Schema } from '../../product/schema.ts';
import { compileCheck } from '../../product/validation.ts';
import type { BodyError } from './refuse.ts';

const LONGEST_VALUE = 200; // characters: enough to recognise it
const ROOT = 'body';

/** A JSON object, member by member; anything else has none. */
export type Members = Readonly<Record<string, unknown>>;

export function membersOf(body: unknown): Members {
  return typeof body === 'object' && body !== null ? (body as Members) : {};
}

/** A check of bodies against a schema, which names what was probably meant by a member that nobody knows. */
export function compileBodyCheck(schema: Schema): (body: unknown) => BodyError[] {
  const check = compileCheck(schema, ROOT);
  const known = Object.keys(schema.properties ?? {});
  return (body) => {
    if (body === undefined)
      return [{ code: 'missing_field', field: '', message: 'The body is missing: send a JSON object.' }];
    return check(body as Parameters<typeof check>[0]).map((error) => bodyError(error, known));
  };
}

/** Errors of the product's, where the partner finds them; `others` are members of the body that are none of the product's. */
export function fieldErrors(
  errors: readonly FieldError[],
  integration: Integration,
  others: readonly string[] = [],
): BodyError[] {
  const known = [...integration.fields.map(({ path }) => inBody(path)), ...others];
  return errors.map((error) => bodyError(error, known));
}

/** Those of `more` that are about fields of which nothing is known to be wrong yet come last. */
export function withoutRepeats(errors: readonly BodyError[], more: readonly BodyError[]): BodyError[] {
  const reported = new Set(errors.map(({ field }) => field));
  return [...errors, ...more.filter(({ field }) => !reported.has(field))];
}

function bodyError({ code, path, value, message }: FieldError, known: readonly string[]): BodyError {
  const field = inBody(path);
  const said = message.startsWith(path) ? (field || 'The body') + message.slice(path.length) : message;
  const meant = code === 'unknown_field' ? suggestion(field, known) : undefined;
  return {
    code,
    field,
    ...(value !== undefined && { value: shortened(value) }),
    message: meant === undefined ? said : `${said}, did you mean \`${meant}\`?`,
  };
}

function inBody(path: string): string {
  return path === ROOT ? '' : path.replace(/^(?:body|policy|quote)\./, '');
}

/** Of what is no text or number, its kind says enough. */
function shortened(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > LONGEST_VALUE ? `${value.slice(0, LONGEST_VALUE - 1)}…` : value;
  return typeof value === 'object' && value !== null ? undefined : value;
}
