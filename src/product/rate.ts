/** A share as an exact fraction; `0.19` is 19 of 100. */
export type Rate = { readonly numerator: number; readonly denominator: number };

const DECIMAL = /^0\.(\d{1,6})$/; // six places keep amount × numerator a safe integer up to nine billion

/** The fraction of a decimal text such as `0.19`; undefined for anything else. */
export function parseRate(text: string): Rate | undefined {
  const digits = DECIMAL.exec(text)?.[1];
  return digits === undefined ? undefined : { numerator: Number(digits), denominator: 10 ** digits.length };
}

/** That share of a whole amount ≥ 0, in integers; a half is rounded up. */
export function share(amount: number, { numerator, denominator }: Rate): number {
  const twice = 2 * amount * numerator + denominator;
  return (twice - (twice % (2 * denominator))) / (2 * denominator);
}
