// What a product says of fields together: one date not before another, a field that is needed when another has some value. A rule
// looks only at fields that are there and are what their schema says; all else is reported by that.
import type { Leaf, Nested } from '../domain/policy.ts';
import { dayOf, isDate } from './dates.ts';
import {
  compileRead,
  compileWalk,
  type Element,
  elementsOf,
  numberedPath,
  numbersOf,
  wholeOf,
} from './elements.ts';
import type { FieldError } from './product.ts';
import { rootOf } from './root.ts';
import { type Conditions, compileConditions } from './tariff/table.ts';

/** One of these says how `field` and another belong together. Paths as the CSV names them; `*` in both is the same element. */
export type Rule = {
  readonly field: string;
  readonly not_before?: string; // dates
  readonly not_after?: string;
  readonly within?: { readonly days: number; readonly after: string }; // a date at most so many days after another
  readonly at_least?: string; // numbers
  readonly at_most?: string;
  readonly required_when?: Conditions;
  readonly message?: string;
};

export type RuleCheck = (quoteData: Nested, policy: Nested) => readonly FieldError[];

/** Whether two values belong together; `say` tells how they do not. */
type Relation = {
  readonly other: string;
  readonly broken: (value: Leaf, other: Leaf) => boolean;
  readonly say: string;
};

const NONE: readonly FieldError[] = [];

/** The rules as one function, which gives an error for each field that breaks one; it may be asked about any data. */
export function compileRules(rules: readonly Rule[]): RuleCheck {
  if (rules.length === 0) return () => NONE;
  const checks = rules.map(compileRule);
  return (quoteData, policy) => {
    const data = wholeOf(rootOf(quoteData, policy));
    const errors: FieldError[] = [];
    for (const check of checks) check(data, errors);
    return errors;
  };
}

/** Every path that a rule reads, its own field first. */
export function pathsOf(rule: Rule): readonly string[] {
  const relation = relationOf(rule);
  return [rule.field, ...(relation ? [relation.other] : []), ...Object.keys(rule.required_when ?? {})];
}

/** Adds what breaks the rule to the errors. */
function compileRule(rule: Rule): (data: Element, errors: FieldError[]) => void {
  const findError = rule.required_when ? needed(rule, rule.required_when) : related(rule);
  const each = elementsOf(rule.field);
  const walk = each === undefined ? undefined : compileWalk(each);
  return (data, errors) => {
    const look = (element: Element) => {
      const error = findError(element);
      if (error) errors.push(error);
    };
    if (walk) walk(data.object, look);
    else look(data);
  };
}

function related(rule: Rule): (element: Element) => FieldError | undefined {
  const relation = relationOf(rule);
  if (!relation) throw new Error(`the rule of ${rule.field} says nothing`);
  const read = compileRead(rule.field);
  const readOther = compileRead(relation.other);
  return (element) => {
    const value = read(element);
    const other = readOther(element);
    if (value === undefined || other === undefined || !relation.broken(value, other)) return undefined;
    const path = numberedPath(rule.field, numbersOf(element));
    const otherPath = numberedPath(relation.other, numbersOf(element));
    const reason = rule.message ?? `${relation.say} ${otherPath}, "${other}"`;
    return {
      code: 'contradiction',
      path,
      value,
      message: `${path}: "${value}" ${rule.message ? 'is refused: ' : ''}${reason}`,
    };
  };
}

function needed(rule: Rule, when: Conditions): (element: Element) => FieldError | undefined {
  const read = compileRead(rule.field);
  const holds = compileConditions(when);
  const conditions = Object.entries(when).map(([path, value]) => `${path} is ${[value].flat().join(' or ')}`);
  return (element) => {
    if (read(element) !== undefined || !holds(element)) return undefined;
    const path = numberedPath(rule.field, numbersOf(element));
    const reason =
      rule.message ?? `it is needed when ${numberedPath(conditions.join(' and '), numbersOf(element))}`;
    return { code: 'missing_field', path, value: undefined, message: `${path} is missing: ${reason}` };
  };
}

function relationOf({ not_before, not_after, within, at_least, at_most }: Rule): Relation | undefined {
  if (not_before !== undefined) {
    return { other: not_before, broken: dates((date, other) => date < other), say: 'is before' };
  }
  if (not_after !== undefined) {
    return { other: not_after, broken: dates((date, other) => date > other), say: 'is after' };
  }
  if (within !== undefined) {
    const { days, after } = within;
    const tooLate = (date: string, other: string) => dayOf(date) > dayOf(other) + days;
    return { other: after, broken: dates(tooLate), say: `is more than ${days} days after` };
  }
  if (at_least !== undefined) {
    return { other: at_least, broken: numbers((value, other) => value < other), say: 'is less than' };
  }
  if (at_most !== undefined) {
    return { other: at_most, broken: numbers((value, other) => value > other), say: 'is more than' };
  }
  return undefined;
}

/** As texts, dates stand in their order. Whether they are dates is asked last, as it takes longest and rules are seldom broken. */
function dates(broken: (date: string, other: string) => boolean): Relation['broken'] {
  return (value, other) =>
    typeof value === 'string' &&
    typeof other === 'string' &&
    broken(value, other) &&
    isDate(value) &&
    isDate(other);
}

function numbers(broken: (value: number, other: number) => boolean): Relation['broken'] {
  return (value, other) => typeof value === 'number' && typeof other === 'number' && broken(value, other);
}
