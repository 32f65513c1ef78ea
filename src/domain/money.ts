import type { Brand } from './brand.ts';

/** An amount in minor units (cents); always a safe integer. */
export type Cents = Brand<number, 'cents'>;

/** net + tax = gross. */
export type Premium = { readonly net: Cents; readonly tax: Cents; readonly gross: Cents };

/** A checked amount; throws when `amount` is no safe integer, which is a defect of the caller. */
export function cents(amount: number): Cents {
  if (!Number.isSafeInteger(amount)) throw new Error(`${amount} is no amount in minor units`);
  return amount as Cents;
}
