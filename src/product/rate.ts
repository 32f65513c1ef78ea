/** A share as an exact fraction; `0.19` is 19 of 100. */
export type Rate = { readonly numerator: number; readonly denominator: number };

const DECIMAL = /^0\.(\d{1,4})$/; // four places: amounts up to four hundred billion stay exact in `share`

/** The fraction of a decimal text such as `0.19`. Throws for any other, which a definition never holds. */
export function rateOf(text: string): Rate {
  const digits = DECIMAL.exec(text)?.[1];
  if (digits === undefined) throw new Error(`"${text}" is no share such as 0.19`);
  return { numerator: Number(digits), denominator: 10 ** digits.length };
}

/** That share of a whole amount ≥ 0, in integers; a half is rounded up. */
export function share(amount: number, { numerator, denominator }: Rate): number {
  const twice = 2 * amount * numerator + denominator;
  return (twice - (twice % (2 * denominator))) / (2 * denominator);
}
