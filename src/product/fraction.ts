// Money is exact: prices and factors are fractions of integers until they are rounded, once, where the product says.

/** An exact fraction; the denominator is above 0. */
export type Fraction = { readonly numerator: bigint; readonly denominator: bigint };

/** How an amount between two whole ones is rounded. */
export const ROUNDINGS = ['half_up', 'half_even', 'up', 'down'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

const DECIMAL = /^(\d{1,9})(?:\.(\d{1,6}))?$/;
const RATIO = /^(\d{1,9})\/(\d{1,9})$/;

/** The fraction of a text such as `0.19`, `1.35` or `2/3`; undefined for any other text. */
export function fractionOf(text: string): Fraction | undefined {
  const [, whole, decimals = ''] = DECIMAL.exec(text) ?? [];
  if (whole !== undefined) {
    return { numerator: BigInt(whole + decimals), denominator: 10n ** BigInt(decimals.length) };
  }
  const [, numerator, denominator] = RATIO.exec(text) ?? [];
  if (numerator === undefined || denominator === undefined || Number(denominator) === 0) return undefined;
  return { numerator: BigInt(numerator), denominator: BigInt(denominator) };
}

/** The least denominator over which all of these can be written. */
export function commonDenominator(those: readonly Pick<Fraction, 'denominator'>[]): bigint {
  return those.reduce((common, { denominator }) => (common / gcd(common, denominator)) * denominator, 1n);
}

/** The numerator of a fraction over a denominator that its own divides. */
export function numeratorOver({ numerator, denominator }: Fraction, common: bigint): bigint {
  return numerator * (common / denominator);
}

/** The whole number for `numerator` / `denominator`, both ≥ 0. */
export function rounded(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  if (denominator === 1n) return numerator;
  const whole = numerator / denominator;
  const twice = 2n * (numerator - whole * denominator);
  return goesUp(rounding, twice, denominator, whole) ? whole + 1n : whole;
}

function goesUp(rounding: Rounding, twice: bigint, denominator: bigint, whole: bigint): boolean {
  switch (rounding) {
    case 'half_up':
      return twice >= denominator;
    case 'half_even':
      return twice > denominator || (twice === denominator && whole % 2n === 1n);
    case 'up':
      return twice > 0n;
    case 'down':
      return false;
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
