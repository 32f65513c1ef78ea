import type { Leaf } from '../../domain/policy.ts';
import { compileRead, compileWalk, type Element, numbersOf, type Walk } from '../elements.ts';
import {
  commonDenominator,
  type Fraction,
  fractionOf,
  numeratorOver,
  times,
  type Whole,
  whole,
} from '../fraction.ts';
import type { BaseRow, Factor, Part } from './form.ts';
import { type Band, compileTable, type Lookup, missReason } from './table.ts';

/** What an element is multiplied by, as the numerator over a denominator that is the same for all; undefined where no row fits. */
type Step = {
  readonly denominator: bigint;
  readonly numerator: (at: Element, days: number) => Whole | undefined;
};

/** A part of a tariff as functions; what one element costs is `net` over `denominator`, in cents. */
export type CompiledPart = {
  readonly walk: Walk;
  readonly denominator: bigint;
  readonly needsDays: boolean;
  readonly net: (element: Element, days: number) => Whole | Miss;
};

/** The tariff has no price: because of the field at `path`, whose `*` are `numbers`. */
export class Miss {
  readonly path: string;
  readonly value: Leaf | undefined;
  readonly numbers: readonly string[];
  readonly reason: string;

  constructor(path: string, element: Element, reason: string) {
    this.path = path;
    this.value = compileRead(path)(element);
    this.numbers = numbersOf(element);
    this.reason = reason;
  }
}

const ONE: Fraction = { numerator: 1n, denominator: 1n };

/** Base and factors are multiplied as integers; nothing is rounded here. */
export function compilePart({ each, base, factors = [], minimum = 0 }: Part): CompiledPart {
  const first = baseStep(base);
  const steps = factors.map((factor) => ({ ...factorStep(factor), factor }));
  const denominator = steps.reduce((product, step) => product * step.denominator, first.denominator);
  const least = whole(BigInt(minimum) * denominator);
  return {
    walk: compileWalk(each),
    denominator,
    needsDays: factors.some((factor) => factor.days_of_cover !== undefined),
    net: (element, days) => {
      let product = first.numerator(element, days);
      if (product === undefined) return missIn(base, element);
      for (const { numerator, factor } of steps) {
        const next = numerator(element, days);
        if (next === undefined) return missIn(factor, element);
        product = times(product, next);
      }
      return product < least ? least : product;
    },
  };
}

/** A row has a net, or a rate of what is insured. */
function baseStep({ by, table }: Part['base']): Step {
  const read = by === undefined ? undefined : compileRead(by);
  const denominator = commonDenominator(table.map(rateOf));
  const lookup = compileTable(read, table, (row) => {
    if (row.net !== undefined) return { net: whole(BigInt(row.net) * denominator), rate: undefined };
    return { net: 0, rate: whole(numeratorOver(rateOf(row), denominator)) };
  });
  return {
    denominator,
    numerator: (element) => {
      const found = lookup(element);
      if (found?.rate === undefined || !read) return found?.net;
      return times(read(element) as number, found.rate);
    },
  };
}

function rateOf({ rate }: BaseRow): Fraction {
  return rate === undefined ? ONE : exactly(rate);
}

function factorStep(factor: Factor): Step {
  if (factor.days_of_cover !== undefined) {
    return { denominator: BigInt(factor.days_of_cover), numerator: (_, days) => days };
  }
  if (factor.values !== undefined) return valuesStep(factor.by ?? '', factor.values);
  const table = factor.table ?? [];
  const denominator = commonDenominator(table.map((row) => exactly(row.factor)));
  const read = factor.by === undefined ? undefined : compileRead(factor.by);
  const lookup: Lookup<Whole> = compileTable(read, table, (row) =>
    whole(numeratorOver(exactly(row.factor), denominator)),
  );
  return { denominator, numerator: lookup };
}

/** A factor for each value of an enumeration; of yes or no, an absent answer is a no. */
function valuesStep(by: string, values: Readonly<Record<string, string>>): Step {
  const read = compileRead(by);
  const fractions = Object.entries(values).map(([value, text]) => [value, exactly(text)] as const);
  const denominator = commonDenominator(fractions.map(([, fraction]) => fraction));
  const numerators = new Map(
    fractions.map(([value, fraction]) => [value, whole(numeratorOver(fraction, denominator))]),
  );
  return { denominator, numerator: (element) => numerators.get(String(read(element) ?? false)) };
}

/** The field by which the table is read is to blame, or else the first that it has a condition on. */
function missIn({ by, table = [] }: Part['base'] | Factor, element: Element): Miss {
  const rows: readonly Band[] = table;
  const path = by ?? rows.flatMap(({ when = {} }) => Object.keys(when))[0] ?? '';
  return new Miss(path, element, missReason(rows, element));
}

/** Throws for a text that is no fraction, which a definition never holds. */
function exactly(text: string): Fraction {
  const fraction = fractionOf(text);
  if (!fraction) throw new Error(`"${text}" is no number such as 1.25 or 2/3`);
  return fraction;
}
