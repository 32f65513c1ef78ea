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

/** A whole number ≥ 0 of any size: a number while that is exact, as it nearly always is, and beyond that a bigint. */
export type Whole = number | bigint;

export function whole(exact: bigint): Whole {
  return exact <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(exact) : exact;
}

export function times(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const product = a * b;
    if (product <= Number.MAX_SAFE_INTEGER) return product;
  }
  return BigInt(a) * BigInt(b);
}

export function plus(a: Whole, b: Whole): Whole {
  if (typeof a === 'number' && typeof b === 'number') {
    const sum = a + b;
    if (sum <= Number.MAX_SAFE_INTEGER) return sum;
  }
  return BigInt(a) + BigInt(b);
}

/** The whole number for `numerator` / `denominator`. */
export function rounded(numerator: Whole, denominator: Whole, rounding: Rounding): Whole {
  if (typeof numerator === 'number' && typeof denominator === 'number') {
    const rest = numerator % denominator;
    const below = (numerator - rest) / denominator;
    if (rest === 0) return below;
    return goesUp(rounding, rest - (denominator - rest), below % 2 === 1) ? below + 1 : below;
  }
  const [n, d] = [BigInt(numerator), BigInt(denominator)];
  const rest = n % d;
  const below = n / d;
  if (rest === 0n) return below;
  return goesUp(rounding, rest + rest > d ? 1 : rest + rest === d ? 0 : -1, below % 2n === 1n)
    ? below + 1n
    : below;
}

/** `fromHalf` is above 0 for what is more than a half, and below for less. */
function goesUp(rounding: Rounding, fromHalf: number, isOdd: boolean): boolean {
  switch (rounding) {
    case 'half_up':
      return fromHalf >= 0;
    case 'half_even':
      return fromHalf > 0 || (fromHalf === 0 && isOdd);
    case 'up':
      return true;
    case 'down':
      return false;
  }
}

function gcd(a: bigint, b: bigint): bigint {
  return b === 0n ? a : gcd(b, a % b);
}
