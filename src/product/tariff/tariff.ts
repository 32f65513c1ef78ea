// A tariff is a sum of parts: some for the quote as a whole, some for each element of it. A part is a decision table for the base, and
// factors beside it. All of it is data, compiled once to plain functions.
import { cents } from '../../domain/money.ts';
import type { Nested } from '../../domain/policy.ts';
import { numberedPath } from '../elements.ts';
import { commonDenominator, fractionOf, plus, rounded, times, type Whole, whole } from '../fraction.ts';
import type { Rated } from '../product.ts';
import type { Part, RoundingRule } from './form.ts';
import { type CompiledPart, compilePart, Miss } from './part.ts';

export type Tariff = {
  readonly parts: readonly Part[];
  readonly minimum: number;
  readonly rounding: RoundingRule;
  readonly tax: string;
};

/** In minor units, of one policy; far below where integers would end to be exact. */
export const HIGHEST_NET = 100_000_000_000;

/** The price of valid quote data: the parts add up, and tax is taken once on their sum. `daysOf` tells the days of cover. */
export function compileTariff(
  { parts, minimum, rounding, tax }: Tariff,
  daysOf: (data: Nested) => number,
): (data: Nested) => Rated {
  const compiled = parts.map(compilePart);
  const needsDays = compiled.some((part) => part.needsDays);
  const sumOf = compileSum(compiled, rounding);
  const rate = fractionOf(tax);
  if (!rate) throw new Error(`"${tax}" is no share such as 0.19`);
  const [taxed, of] = [whole(rate.numerator), whole(rate.denominator)];
  return (data) => {
    const days = needsDays ? daysOf(data) : 1;
    if (days < 1) return wholeQuote('its cover ends before it begins');
    const sum = sumOf(data, days);
    if (sum instanceof Miss) return notInsurable(sum);
    if (sum > HIGHEST_NET) return wholeQuote(`a net premium of ${sum} is more than ${HIGHEST_NET}`);
    const net = cents(Math.max(minimum, Number(sum)));
    const tax = cents(Number(rounded(times(net, taxed), of, rounding.how)));
    return { ok: true, value: { net, tax, gross: cents(net + tax) } };
  };
}

/** The whole net of all parts; where every element is rounded by itself, their sum is whole already. */
function compileSum(
  parts: readonly CompiledPart[],
  { where, how }: RoundingRule,
): (data: Nested, days: number) => Whole | Miss {
  const common = where === 'sum' ? commonDenominator(parts) : 1n;
  const scaled = parts.map(({ walk, net, denominator }) => {
    const [of, scale] = [whole(denominator), whole(common / denominator || 1n)];
    const share = (exact: Whole) => (where === 'sum' ? times(exact, scale) : rounded(exact, of, how));
    return { walk, net, share };
  });
  const ofAll = whole(common);
  return (data, days) => {
    let sum: Whole = 0;
    let miss: Miss | undefined;
    for (const { walk, net, share } of scaled) {
      walk(data, (element) => {
        const exact = net(element, days);
        if (exact instanceof Miss) miss ??= exact;
        else sum = plus(sum, share(exact));
      });
    }
    return miss ?? rounded(sum, ofAll, how);
  };
}

function notInsurable({ path, value, numbers, reason }: Miss): Rated {
  const at = `quote.data.${numberedPath(path, numbers)}`;
  const shown = value === undefined ? '' : ` "${value}"`;
  const message = `${at}:${shown} cannot be insured: ${reason}`;
  return { ok: false, error: { code: 'not_insurable', path: at, value, message } };
}

function wholeQuote(reason: string): Rated {
  const message = `quote.data: this cannot be insured: ${reason}`;
  return { ok: false, error: { code: 'not_insurable', path: 'quote.data', value: undefined, message } };
}
