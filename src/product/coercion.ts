import type { Leaf } from '../domain/policy.ts';
import { ok, type Result, refused } from '../domain/refusal.ts';
import type { RejectionCode } from '../domain/rejection-codes.ts';
import { isoDate } from './dates.ts';
import type { FieldRule } from './product.ts';

const INTEGER = /^-?\d{1,16}$/;
const NUMBER = /^-?\d{1,15}(\.\d{1,9})?$/;
const AMOUNT = /^(\d{1,3}(?:[.,]?\d{3})*)[.,](\d\d)$/; // 30,00 and 1.000,00 and 1,000.00
const WITH_COMMA = /^-?(\d{1,15}|\d{1,3}(\.\d{3}){1,4}),\d{1,9}$/; // 12,5 and 1.234,5
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['1', true],
  ['0', false],
  ['true', true],
  ['false', false],
]);

/**
 * The text of a cell as a value of the field's type. Strict: what only looks like a number or a boolean to some
 * program (`0x10`, `1e3`, `yes`) is refused, and text stays text. Forms that the product accepts beside the usual one become that
 * one. Dates stay text too; whether they exist is for the product's schema.
 */
export function coerce({ type, accepts }: FieldRule, text: string): Result<Leaf, RejectionCode> {
  switch (type) {
    case 'integer': {
      const amount = accepts.includes('amount') ? amountOf(text) : undefined;
      if (amount !== undefined) return ok(amount);
      return INTEGER.test(text) && Number.isSafeInteger(Number(text)) ? ok(Number(text)) : notInteger(text);
    }
    case 'number':
      if (NUMBER.test(text)) return ok(Number(text));
      return accepts.includes('decimal_comma') && WITH_COMMA.test(text)
        ? ok(Number(text.replaceAll('.', '').replace(',', '.')))
        : notNumber(text);
    case 'boolean': {
      const value = BOOLEANS.get(text) ?? BOOLEANS.get(text.toLowerCase());
      return value === undefined
        ? refused('invalid_type', `"${text}" is neither 1 (yes) nor 0 (no)`)
        : ok(value);
    }
    case 'date':
      return ok((accepts.includes('german_date') ? isoDate(text) : undefined) ?? text);
    default:
      return ok(text);
  }
}

/** An amount with two decimals in minor units. */
function amountOf(text: string): number | undefined {
  const [, whole, fraction] = AMOUNT.exec(text) ?? [];
  return whole === undefined ? undefined : Number(whole.replaceAll(/[.,]/g, '') + fraction);
}

function notInteger(text: string) {
  return refused('invalid_type' as const, `"${text}" is ${integerProblem(text)}`);
}

function integerProblem(text: string): string {
  if (/^-?\d+$/.test(text)) return `too long a number: at most ${Number.MAX_SAFE_INTEGER} can be kept`;
  const amount = amountOf(text);
  if (amount === undefined) return 'not a whole number: write digits only';
  return `not a whole number: write digits only, ${amount} if cents are meant`;
}

function notNumber(text: string) {
  const advice = /^-?\d+,\d+$/.test(text)
    ? `write ${text.replace(',', '.')}`
    : 'write digits with a point, as in 12.5';
  return refused('invalid_type' as const, `"${text}" is not a number: ${advice}`);
}
